type Fields = Record<string, unknown>;

/** No resolver need be asked, since labels have at most 63 characters. */
export const noHost = `${'a'.repeat(64)}.example`;

/** Inputs, as paths of the test's own server or as URLs, that are refused, with the code and the rest of a sentence about the URL. */
export const REFUSED_INPUTS: readonly [input: string, code: string, what: string][] = [
  ['/missing.mp4', 'input_unreachable', 'answered 404: check that the file exists.'],
  ['/private.mp4', 'input_unreachable', 'answered 403: the URL may have expired or is not public.'],
  ['/failing.mp4', 'input_unreachable', 'answered 500: the server fails, try again later.'],
  [
    'http://127.0.0.1:1/closed.mp4',
    'input_unreachable',
    'could not be read: the server refuses connections, check host and port.',
  ],
  [
    `http://${noHost}/in.mp4`,
    'input_unreachable',
    'could not be read: its host name does not exist, check the URL.',
  ],
  [
    '/no-ranges.mp4',
    'input_no_range_support',
    'does not answer range requests (206 with Content-Range): put the file on a server that supports them, such as S3.',
  ],
  [
    '/page.mp4',
    'input_not_media',
    'is a web page (text/html), not a media file: give the URL of the video file itself.',
  ],
  [
    '/archive.mp4',
    'input_not_media',
    'is a ZIP archive, not a media file: give the URL of the video file itself.',
  ],
  ['/empty.mp4', 'input_not_media', 'is empty: check that its upload was complete.'],
  [
    '/sound.mp4',
    'input_unsupported',
    'has no video stream (mp4 with audio or data alone): give a file that holds video.',
  ],
  [
    '/cut-short.mp4',
    'input_corrupt',
    'does not list its streams (mp4 without moov): its upload was probably cut short, so upload it again.',
  ],
];

/** Fields of a destination that is right without them, and what is said to them. */
export const REFUSED_DESTINATIONS: readonly [fields: Fields, code: string, error: string][] = [
  [
    { creds: { secret_access_key: 'wrong' } },
    'destination_denied',
    'The secret access key does not belong to the access key id; check destination.creds.secret_access_key.',
  ],
  [
    { creds: { access_key_id: 'AKIAUNKNOWN' } },
    'destination_denied',
    'The access key id is not known; check destination.creds.access_key_id.',
  ],
  [
    { bucket: 'no-such-bucket' },
    'destination_denied',
    'There is no bucket no-such-bucket; check destination.bucket, or create it.',
  ],
  [
    { region: 'eu-west-1' },
    'destination_denied',
    'The bucket octet-media is in another region; set destination.region to it.',
  ],
  [
    { endpoint: 'http://127.0.0.1:1' },
    'destination_unreachable',
    'The bucket octet-media could not be reached; check destination.region and endpoint, or try again.',
  ],
];
