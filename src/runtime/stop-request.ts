/** A wish to stop, from a person, a service manager or a parent that is gone. */
export interface StopRequest {
  /** Aborted with the first wish. */
  readonly signal: AbortSignal;
  /** Resolves with the first wish. */
  readonly asked: Promise<void>;
  /** Stops listening. */
  dispose(): void;
}

/** The part of the process that tells. */
export type StopSource = Pick<NodeJS.Process, 'on' | 'once' | 'removeListener'> & {
  readonly stdout: { readonly isTTY?: boolean };
};

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * npm passes Ctrl-C on to the script, which the terminal has told already: two signals within this time are one wish.
 */
const SAME_WISH_MS = 800;

/**
 * Listens for SIGINT and SIGTERM, for a terminal that closes and, in a process that was forked, for the end of its parent.
 * @param options.onImpatience called when a signal comes again: the person does not want to wait for an orderly end
 */
export function listenForStop(options: {
  readonly onImpatience: () => void;
  readonly now?: () => number;
  readonly process?: StopSource;
}): StopRequest {
  const target = options.process ?? process;
  const now = options.now ?? Date.now;
  const controller = new AbortController();
  const { promise: asked, resolve } = Promise.withResolvers<undefined>();
  let firstAt: number | undefined;

  const stop = () => {
    firstAt ??= now();
    controller.abort();
    resolve(undefined);
  };
  const onSignal = () => {
    if (firstAt !== undefined && now() - firstAt >= SAME_WISH_MS) options.onImpatience();
    stop();
  };
  // Without a terminal SIGHUP keeps its meaning: `nohup` has it ignored, and listening would undo that.
  const names = target.stdout.isTTY ? [...STOP_SIGNALS, 'SIGHUP' as const] : STOP_SIGNALS;
  for (const name of names) target.on(name, onSignal);
  target.once('disconnect', stop);
  return {
    signal: controller.signal,
    asked,
    dispose() {
      for (const name of names) target.removeListener(name, onSignal);
      target.removeListener('disconnect', stop);
    },
  };
}
