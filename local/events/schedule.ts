/** A schedule of EventBridge's. */
export interface Schedule {
  /** Takes no further turn, and waits for one that is under way. */
  close(): Promise<void>;
}

/**
 * Invokes a function again and again, never twice at the same time. One that fails is logged, and has its next turn.
 *
 * @param every milliseconds
 */
export function startSchedule(
  invoke: () => Promise<void>,
  every: number,
  log: (line: string) => void = console.error,
): Schedule {
  let turn = Promise.resolve();
  let isUnderWay = false;
  const timer = setInterval(() => {
    if (isUnderWay) return;
    isUnderWay = true;
    turn = invoke()
      .catch((error: unknown) =>
        log(`schedule: a turn failed: ${error instanceof Error ? error.stack : error}`),
      )
      .finally(() => {
        isUnderWay = false;
      });
  }, every);
  return {
    close() {
      clearInterval(timer);
      return turn;
    },
  };
}
