/**
 * The containers that ffmpeg and ffprobe may take an input for, by the names of ffmpeg's demuxers. Playlists and manifests
 * (HLS, DASH, concat, SDP) are not among them: whoever reads one opens the URLs that are in it.
 * https://ffmpeg.org/ffmpeg-formats.html#Demuxers
 */
const FORMATS: readonly string[] = [
  ...[
    'mov',
    'matroska',
    'mpegts',
    'mpeg',
    'mxf',
    'avi',
    'flv',
    'asf',
    'ogg',
    'gxf',
    'nut',
    'dv',
    'wtv',
    'rm',
    'ivf',
  ],
  ...['yuv4mpegpipe', 'mpegvideo', 'm4v', 'h264', 'hevc', 'obu', 'vc1', 'gif', 'apng'],
  // Sound alone, to be told that it is.
  ...['aac', 'ac3', 'aiff', 'flac', 'mp3', 'wav'],
];

/** What ffmpeg and ffprobe may open: the worker's own input server, in real containers, and nothing else. */
export const INPUT_LIMITS: readonly string[] = [
  ...['-protocol_whitelist', 'http,tcp'],
  ...['-format_whitelist', FORMATS.join(',')],
];
