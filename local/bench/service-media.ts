import { MediaStore } from '../media-store.ts';
import type { ServiceProcess } from './service-process.ts';

/** The files in a service's bucket. */
export function storeOf({ endpoints }: ServiceProcess): MediaStore {
  const { s3, bucket, access_key_id, secret_access_key } = endpoints;
  return new MediaStore({ s3, bucket, settings: { access_key_id, secret_access_key } });
}
