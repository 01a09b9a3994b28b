import type { Actor } from '../store/audit.ts';
import type { Provider } from '../store/providers.ts';
import type { Capability } from '../store/schema.ts';
import type { Owner } from '../store/sessions.ts';

export interface OperatorReader {
  kind: 'operator';
  id: number;
  name: string;
  sessionId: string;
}

export interface ProviderReader {
  kind: 'provider';
  provider: Provider;
  can: readonly Capability[];
  sessionId: string;
}

/** Who reads a page. */
export type PageReader = OperatorReader | ProviderReader;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who reads, once a guard has asked. */
    reader: PageReader | null;
  }
}

/** As the audit trail names them. */
export function actorOf(reader: PageReader): Actor {
  return reader.kind === 'operator'
    ? { kind: 'operator', name: reader.name }
    : { kind: 'provider', name: reader.provider.partnerKey };
}

/** Whose the reader's sessions are. */
export function ownerOf(reader: PageReader): Owner {
  return reader.kind === 'operator' ? { operatorId: reader.id } : { providerId: reader.provider.id };
}
