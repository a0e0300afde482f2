import { startS3 } from '../../../local/s3/server.ts';

/** The server in a process of its own: prints its URL and, when its input ends, the most memory it has had, in kB. */
const { url } = await startS3(JSON.parse(process.argv[2] ?? ''));
console.log(url);
process.stdin.on('end', () => {
  console.log(process.resourceUsage().maxRSS);
  process.exit();
});
process.stdin.resume();
