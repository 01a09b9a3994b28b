/** What a page may say of a purchase or a signup; each field but `event` may also stand in the tag's data attributes. */
export interface Purchase {
  /** Default: `purchase`. `signup`: an account was created and nothing paid yet. */
  event?: 'purchase' | 'signup';
  /** The provider's own id of the customer. */
  customerId?: string | number;
  serviceName?: string;
  /** A Date, an ISO 8601 text (without an offset: UTC) or epoch milliseconds; default: now. */
  purchasedAt?: Date | string | number;
  /** The order's id: only with it, or with purchasedAt, do the browser's and the server's copy match. */
  orderId?: string | number;
  /** In major units: 49.9 or "49.90". */
  amount?: string | number;
  /** ISO 4217, any case. */
  currency?: string;
  /** The token that the provider's backend made with its secret. */
  sig?: string;
}

/** What became of a call; `reason` says more where there is more to say. */
export interface Receipt {
  /**
   * sent: safe in the browser's beacon queue or in the outbox, the page may be left. duplicate: this browser tracked
   * this purchase before. held: it waits for consent, or for a prerendered page to be shown; or nothing took it yet, and
   * this page goes on trying. invalid: something required is missing or wrong; it is sent once all the same, so that the
   * provider finds it among its rejections.
   */
  status: 'sent' | 'duplicate' | 'held' | 'invalid';
  reason?: string | undefined;
}

/** How the visitor came to the provider. */
export interface Referral {
  id: string;
  /** A parameter of the landing page's address, or the host of its referrer. */
  source: 'param' | 'referrer';
  /** Epoch milliseconds. */
  landedAt: number;
}

/** The function that the page calls. It never throws and its promise never rejects. */
export interface OnrampTrack {
  /** Tracks a purchase or a signup. */
  (purchase?: Purchase): Promise<Receipt>;
  /** The referral that counts now, for a hidden field of the signup form. */
  (command: 'referral'): Promise<Referral | null>;
  /**
   * Releases what waits for consent (true), or deletes what was stored and what waits (false). It isn't
   * remembered: say it on each page.
   */
  (command: 'consent', given: boolean): Promise<void>;
}

/** The tag's options: its data attributes in camel case. What `onrampTrack` isn't given is taken from here as well. */
export interface PixelOptions extends Purchase {
  partnerKey: string;
  /** ONRAMP_BASE_URL; default: the origin that the script came from. */
  endpoint?: string;
  /** Track at load, from these options alone. */
  track?: 'purchase' | 'signup';
  /** Parameters that carry a referral id, comma separated; the first one present counts. Default: `onramp_ref`. */
  referralParam?: string;
  /** Hosts that count as a referral, with their subdomains; comma separated. */
  marketplaceHosts?: string;
  /** Whether the last referral counts (default), or the first until its window ends. */
  attribution?: 'last' | 'first';
  /** How long a referral counts, in days; default 30. */
  windowDays?: number | string;
  /** Default: the widest domain that the browser accepts; `none`: the host alone. */
  cookieDomain?: string;
  /** Nothing is stored or sent until `onrampTrack('consent', true)`. */
  consent?: 'required';
}

export type OptionName = keyof PixelOptions;

/** Reads an option as its source has it at this moment. */
export type ReadOption = (name: OptionName) => unknown;

/** A call that tracks: what it was given, and what becomes of it. */
export type TrackedCall = [argument: unknown, receipt: Promise<Receipt>];

/** The pixel of a window, as the panel sees it. */
export interface PixelHandle {
  /** All calls that tracked, oldest first. */
  calls: readonly TrackedCall[];
  option: (name: OptionName) => string;
}
