/** What a line of the log says beside its message. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type LogLevel = 'info' | 'error';

let least: LogLevel = 'info';

/** Leaves out what matters less. @param level `info` until this is called */
export function setLogLevel(level: LogLevel): void {
  least = level;
}

/** Writes one line of JSON to standard output. */
export function logInfo(message: string, fields: LogFields = {}): void {
  if (least === 'error') return;
  write({ level: 'info', message, ...fields });
}

/** Writes one line of JSON about something that went wrong, with the error's causes. */
export function logError(message: string, error: unknown, fields: LogFields = {}): void {
  write({ level: 'error', message, ...fields, error: describe(error) });
}

function write(line: object): void {
  const text = JSON.stringify({ time: new Date().toISOString(), ...line });
  process.stdout.write(`${redacted(text)}\n`);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by: ${describe(error.cause)}`;
}

/** What must not be in a log, wherever it comes from: users' URLs may hold tokens, and errors of the SDK may name keys. */
const SECRETS: readonly [RegExp, string][] = [
  [/(https?:\/\/[^\s"'\\?]+)\?[^\s"'\\]+/g, '$1?...'],
  [/(https?:\/\/)[^\s"'\\/@]+@/g, '$1...@'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '...'],
  [/\bwhsec_[A-Za-z0-9+/=]+/g, '...'],
];

function redacted(text: string): string {
  return SECRETS.reduce((rest, [secret, instead]) => rest.replace(secret, instead), text);
}
