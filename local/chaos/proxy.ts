import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type LocalServer, listenOnLoopback, readBody } from '../http-server.ts';
import type { Fault } from './faults.ts';
import { type Answer, type Call, forward } from './forward.ts';
import { errorAnswer, type ServiceName } from './service-errors.ts';

export interface ProxyOptions {
  readonly service: ServiceName;
  /** What happens to a request. @param count its number, 1 for the first */
  readonly faultOf: (count: number, call: Call) => Fault | Promise<Fault>;
  /** What the service gets in place of a call. @default the call itself */
  readonly change?: (call: Call) => Call;
  /** Told of what a service has done, also where nobody else hears of it. */
  readonly onAnswer?: (call: Call, status: number) => void;
  /** Kills what a fault says. */
  readonly onKill?: (fault: Fault & { kind: 'kill' }, call: Call) => void;
}

/** Stands in front of a service, and fails in its place. */
export class FaultProxy {
  readonly #options: ProxyOptions;
  readonly #faults: Record<string, number> = {};
  #server: LocalServer | undefined;
  #count = 0;
  #isCalm = false;
  #know: (target: string) => void = () => {};
  #target: Promise<string>;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#target = new Promise((resolve) => {
      this.#know = resolve;
    });
  }

  /** Starts to listen. @returns the URL to give to the service's clients */
  async listen(): Promise<string> {
    this.#server = await listenOnLoopback((...exchange) => void this.#take(...exchange));
    return this.#server.url;
  }

  /** Where the service is, from now on. Requests that come before it is known wait for it. */
  setTarget(url: string): void {
    this.#know(url);
    this.#target = Promise.resolve(url);
  }

  /** The service's own URL. */
  get target(): Promise<string> {
    return this.#target;
  }

  /** How many faults there were, by their kind. */
  get faults(): Readonly<Record<string, number>> {
    return this.#faults;
  }

  /** Lets everything pass from now on. */
  calm(): void {
    this.#isCalm = true;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cut = () => request.socket.destroy();
    const leaving = new AbortController();
    // The service must hear of it, as SQS of a poll whose client has gone.
    response.once('close', () => leaving.abort());
    try {
      const body = (await readBody(request)) ?? Buffer.alloc(0);
      const { method = '', url = '', headers } = request;
      const answer = await this.#answer({ method, url, headers, body }, leaving.signal);
      if (answer === undefined) cut();
      else respond(response, method, answer);
    } catch {
      // The service is away, or its client is.
      cut();
    }
  }

  /** @returns undefined where the connection is to be cut */
  async #answer(call: Call, signal: AbortSignal): Promise<Answer | undefined> {
    this.#count += 1;
    const fault: Fault = this.#isCalm ? { kind: 'none' } : await this.#options.faultOf(this.#count, call);
    this.#faults[fault.kind] = (this.#faults[fault.kind] ?? 0) + 1;
    const { service, onKill } = this.#options;
    switch (fault.kind) {
      case 'none':
        return this.#pass(call, signal);
      case 'delay':
        await delay(fault.ms);
        return this.#pass(call, signal);
      case 'error': {
        const answer = errorAnswer(service, fault.error);
        return { ...answer, body: Buffer.from(answer.body) };
      }
      case 'cut':
        if (fault.reached) await this.#pass(call, signal);
        return undefined;
      case 'silence':
        if (fault.reached) await this.#pass(call, signal);
        await delay(fault.ms);
        return undefined;
      case 'kill':
        if (fault.reached) await this.#pass(call, signal);
        onKill?.(fault, call);
        // Whose request it was may be another one, which goes on.
        return fault.reached ? undefined : this.#pass(call, signal);
    }
  }

  async #pass(call: Call, signal: AbortSignal): Promise<Answer> {
    const { change = (same) => same, onAnswer } = this.#options;
    const answer = await forward(await this.#target, change(call), signal);
    onAnswer?.(call, answer.status);
    return answer;
  }
}

function respond(response: ServerResponse, method: string, { status, headers, body }: Answer): void {
  // The answer to HEAD tells a length and has none.
  const length = method === 'HEAD' ? {} : { 'content-length': String(body.length) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}
