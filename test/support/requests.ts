/** A create request, with some of its keys replaced. Outputs need only the words that a test is about. */
export function requestWith({
  outputs = [{}],
  ...rest
}: {
  outputs?: readonly object[];
  [key: string]: unknown;
} = {}) {
  return {
    input: { url: 'https://media.example/video.mp4' },
    destination: {
      provider: 's3',
      region: 'us-east-1',
      bucket: 'octet-media',
      creds: { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example-secret' },
    },
    outputs: outputs.map((words, index) => ({
      codec: 'h264',
      resolution: '1280x720',
      dest_path: `video_${index}.mp4`,
      ...words,
    })),
    ...rest,
  };
}
