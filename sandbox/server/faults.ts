/** What goes wrong. "apply-then" faults lose the answer of a write that was made. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: unknown; readonly headers?: FaultHeaders }
  | { readonly kind: 'reset' }
  | { readonly kind: 'apply-then-reset' }
  | {
      readonly kind: 'apply-then-status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: FaultHeaders;
    }
  /** Nothing is sent, and nothing applied, for `ms` milliseconds; then the request goes its way if the client still waits. */
  | { readonly kind: 'stall'; readonly ms: number }
  /** The request is applied and half of the answer sent; the other half follows after `ms` milliseconds. */
  | { readonly kind: 'stall-body'; readonly ms: number }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'html-502' };

type FaultHeaders = Readonly<Record<string, string>>;

interface FaultMatch {
  readonly method?: string;
  /** Part of the path, or the source of a regular expression for it. */
  readonly path?: string;
  /** Part of the body's text: what goes wrong is then about one record, whichever batch it stands in. */
  readonly body?: string;
  /** Counting matching requests from 1: the first one to hit. Default 1. */
  readonly nth?: number;
}

export interface FaultPlan {
  readonly match: FaultMatch;
  /** How many requests it hits. Default 1. */
  readonly times?: number;
  readonly fault: Fault;
}

interface ArmedFault {
  readonly plan: FaultPlan;
  readonly pattern: RegExp | null;
  seen: number;
  left: number;
}

/** The faults waiting to happen. The first one that fits a request takes it. */
export class FaultRegister {
  #armed: ArmedFault[] = [];
  #hits = 0;

  inject(plan: FaultPlan): void {
    this.#armed.push({ plan, pattern: patternOf(plan.match.path), seen: 0, left: plan.times ?? 1 });
  }

  clear(): void {
    this.#armed = [];
  }

  reset(): void {
    this.clear();
    this.#hits = 0;
  }

  /** Requests that met a fault. */
  hits(): number {
    return this.#hits;
  }

  /** The fault this request meets, if any; counts it. */
  take(method: string, path: string, body: string): Fault | null {
    for (const armed of this.#armed) {
      if (!matches(armed, method, path, body)) continue;
      armed.seen++;
      if (armed.seen < (armed.plan.match.nth ?? 1)) continue;
      armed.left--;
      this.#hits++;
      if (armed.left <= 0) this.#armed = this.#armed.filter((each) => each !== armed);
      return armed.plan.fault;
    }
    return null;
  }
}

function matches({ plan, pattern }: ArmedFault, method: string, path: string, body: string): boolean {
  const wanted = plan.match;
  if (wanted.body !== undefined && !body.includes(wanted.body)) return false;
  if (wanted.method !== undefined && wanted.method.toUpperCase() !== method) return false;
  return wanted.path === undefined || path.includes(wanted.path) || pattern?.test(path) === true;
}

/** A path that is no valid expression is still a valid substring. */
function patternOf(path: string | undefined): RegExp | null {
  if (path === undefined) return null;
  try {
    return new RegExp(path);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
