import { type ErrorCode, OctetError } from '../errors.ts';

/** What only another host can help with: its GPU, its driver, or how many use them. */
const HOST_FAILURE =
  /cuInit\(0\) failed|CUDA_ERROR_|OpenEncodeSessionEx failed|Driver does not support the required nvenc API|Cannot load lib(cuda|nvidia-encode)\.so|No device available for decoder/;

interface Reading {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly says: string;
}

/** What ffmpeg's last words mean. The first reading whose pattern fits one of the lines counts. */
const READINGS: readonly Reading[] = [
  {
    pattern: /InitializeEncoder failed|(Width|Height) \d+ exceeds|Invalid Level/i,
    code: 'settings_rejected_by_encoder',
    says: 'The encoder refuses the settings',
  },
  {
    pattern: /Error (while opening encoder|initializing output stream)/i,
    code: 'settings_rejected_by_encoder',
    says: 'The encoder refuses the settings',
  },
  {
    pattern:
      /nothing was encoded|moov atom not found|Invalid data found|Error while decoding|Cannot determine format|Application provided duration|Failed to inject frame|Error while processing the decoded data/i,
    code: 'input_corrupt',
    says: 'The input cannot be decoded: check that its upload was complete',
  },
];

/** The error for a failed ffmpeg, with the line of it that tells the most; undefined when its words are not known. */
export function readFailure(lines: readonly string[]): OctetError | undefined {
  for (const { pattern, code, says } of READINGS) {
    const line = lines.find((each) => pattern.test(each));
    if (line !== undefined) return new OctetError(code, `${says} (${withoutSource(line)}).`);
  }
  return undefined;
}

/** The line that tells that a host is at fault, and why; undefined where it is not. */
export function readHostFailure(lines: readonly string[]): string | undefined {
  const line = lines.find((each) => HOST_FAILURE.test(each));
  return line && withoutSource(line);
}

/** Without `[libx264 @ 0x55d0]` in front and a URL behind, which mean nothing to the user. */
function withoutSource(line: string): string {
  return line
    .replace(/^\[[^\]]*\] */, '')
    .replace(/^https?:\/\/\S+: */, '')
    .replace(/\.$/, '');
}
