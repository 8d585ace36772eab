/** What the stand-in is told when it starts, over the channel between the two processes: nothing secret in its arguments. */
export interface ProviderSettings {
  /** Where its webhooks go: the public hook of the inbox. */
  hookUrl: string;
  /** Signs the webhooks. */
  appSecret: string;
  /** Opens the Graph API and the controls. */
  accessToken: string;
  phoneNumberId: string;
  /** 0: any free port. */
  port: number;
  /** Share of the believable delays; tests take less. */
  pace: number;
}

export const providerModes = ['works', 'refuses', 'loses', 'slow', 'dies', 'repeats'] as const;
/**
 * works: as it should be. refuses: answers 131047 (window closed). loses: accepts, then reports 131026 (undeliverable).
 * slow: answers after 8 s. dies: takes a call, ends in the middle of it, is started again. repeats: each status twice, out of order.
 */
export type ProviderMode = (typeof providerModes)[number];

/** What the stand-in tells its parent once it listens. */
export interface ProviderReady {
  port: number;
}

/** A message that the business sent, as the customer's phone has it. */
export interface Received {
  /** Grows with each message of this process. */
  n: number;
  id: string;
  to: string;
  text: string;
  at: string;
}

export interface ProviderState {
  mode: ProviderMode;
  /** Differs after a restart: numbers of messages begin again. */
  boot: string;
  /** Webhooks that were not answered 2xx yet. */
  pending: number;
}
