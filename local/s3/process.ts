import type { LocalS3Options } from './server.ts';
import { startS3 } from './server.ts';

/** What this process tells the one that started it. */
export type S3ProcessMessage =
  | { readonly url: string; readonly port: number }
  | { readonly error: string; readonly code: string | undefined };

// The options come first, and nothing after them.
process.once('message', (options: LocalS3Options) => {
  startS3(options).then(
    ({ url, port }) => tell({ url, port }),
    (error: NodeJS.ErrnoException) => tell({ error: error.message, code: error.code }),
  );
});

// The service has ended, however it did: whoever starts next wants the port and the folder.
process.once('disconnect', () => process.exit(0));
// Ctrl-C in a terminal is sent to every process in it. The service still has uploads to come.
process.on('SIGINT', () => {});

function tell(message: S3ProcessMessage): void {
  process.send?.(message);
}
