import { startDynamoDb } from '../../../local/dynamodb/server.ts';
import { jobTable } from './job-table.ts';

/** A process of its own for the tests that kill it. Tells its URL. */
const [, , dataDir = ''] = process.argv;
const { url } = await startDynamoDb({ dataDir, tables: [jobTable] });
process.stdout.write(url);
