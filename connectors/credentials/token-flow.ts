import type { SecretRef } from '../../src/domain/secret-ref.ts';
import type { TokenAnswer } from '../../src/domain/tokens.ts';
import type { HttpTransport } from '../transport/http-transport.ts';

/** One way of getting tokens, with the configured secrets in hand. */
export interface TokenFlow {
  /** Changes when the credentials do; see `TokenOwner`. */
  readonly lineage: string;
  /**
   * Asks the token endpoint once. Never throws for what it answers.
   *
   * @param refreshToken the one in force; undefined when the configured one is, or where there are none.
   */
  ask(refreshToken: string | undefined): Promise<TokenAnswer>;
}

/** What flows work with. */
export interface FlowMeans {
  /** Rejects when there is nothing where the reference points. */
  readonly secret: (reference: SecretRef) => Promise<string>;
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

/** Reads the secrets of a flow. Done anew before each renewal, so that a replaced secret is in force with the next one. */
export type OpenFlow = () => Promise<TokenFlow>;
