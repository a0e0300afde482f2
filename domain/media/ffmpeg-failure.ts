import { type ErrorCode, OctetError } from '../errors.ts';

interface Reading {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly says: string;
}

/** What ffmpeg's last words mean. The first reading whose pattern fits one of the lines counts. */
const READINGS: readonly Reading[] = [
  {
    pattern:
      /InitializeEncoder failed|Error (while opening encoder|initializing output stream)|Invalid Level/i,
    code: 'settings_rejected_by_encoder',
    says: 'The encoder refuses the settings',
  },
  {
    pattern:
      /nothing was encoded|moov atom not found|Invalid data found|Error while decoding|Cannot determine format/i,
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

/** Without `[libx264 @ 0x55d0]` in front and a URL behind, which mean nothing to the user. */
function withoutSource(line: string): string {
  return line
    .replace(/^\[[^\]]*\] */, '')
    .replace(/^https?:\/\/\S+: */, '')
    .replace(/\.$/, '');
}
