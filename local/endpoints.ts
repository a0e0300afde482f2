import * as v from 'valibot';

/** Tells programs where the service is, once it is ready. In its data folder. */
export const ENDPOINTS_FILE = 'endpoints.json';

/** URLs, and what they ask for. */
export const endpointsSchema = v.object({
  api: v.string(),
  s3: v.string(),
  bucket: v.string(),
  access_key_id: v.string(),
  secret_access_key: v.string(),
  callback_secret: v.string(),
  /** Of the service's process. */
  pid: v.number(),
});

export type Endpoints = v.InferOutput<typeof endpointsSchema>;
