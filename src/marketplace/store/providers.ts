import type { Level } from '../../wire/fields.ts';

export interface ProviderStore {
  findProvider(partnerKey: string): Promise<Provider | undefined>;
  /** The provider that the secret with this key id belongs to, retired or not. */
  findProviderByKeyId(keyId: string): Promise<Provider | undefined>;
  listProviders(): Promise<Provider[]>;
  /** @throws NameTakenError when the partner key is in use */
  addProvider(
    provider: ProviderSettings & { partnerKey: string; name: string },
    secret: NewSecret,
  ): Promise<void>;
  /** Changes what is given; false when there is no such provider. */
  changeProvider(
    partnerKey: string,
    settings: Partial<ProviderSettings & ProvisionSettings>,
  ): Promise<boolean>;
  /** Adds a secret and retires all live ones but the newest before it; false when there is no such provider. */
  addSecret(partnerKey: string, secret: NewSecret): Promise<boolean>;
}

export interface ProviderSettings {
  origins: readonly string[];
  /** Purchases below this level are refused. */
  minimumLevel: Level;
  disabled: boolean;
}

/** How accounts are made at the provider. */
export interface ProvisionSettings {
  /** Absolute address that orders are posted to; undefined while the provider takes none. */
  provisionUrl: string | undefined;
  /** Whether the same order sent twice makes one account, so that it may be sent again when in doubt. */
  idempotent: boolean;
}

export interface Provider extends ProviderSettings, ProvisionSettings {
  id: number;
  partnerKey: string;
  name: string;
  /** Oldest first. */
  secrets: readonly Secret[];
}

export interface NewSecret {
  keyId: string;
  secret: string;
  createdAt: number;
}

export interface Secret extends NewSecret {
  /** Undefined while it is live. */
  retiredAt?: number | undefined;
}

export interface ListingStore {
  findListing(name: string): Promise<Listing | undefined>;
  listListings(): Promise<Listing[]>;
  /** Adds the listing, or changes the landing page of the provider's own. @throws NameTakenError */
  putListing(listing: Omit<Listing, 'partnerKey'>): Promise<'created' | 'changed'>;
}

export interface Listing {
  name: string;
  providerId: number;
  partnerKey: string;
  /** Absolute http or https address. */
  landingUrl: string;
}
