import type { FastifyReply } from 'fastify';
import { sendPage } from '../http/pages.ts';
import { type Area, type FrameParts, framedPage } from '../pages/frame.ts';

/** The marketplace's dashboard. */
export const consoleArea: Area = {
  name: 'Console',
  path: 'console',
  navigation: [
    { text: 'Overview', path: 'console' },
    { text: 'Coverage', path: 'console/coverage' },
    { text: 'Purchases', path: 'console/purchases' },
    { text: 'Rejections', path: 'console/rejections' },
    { text: 'Orders', path: 'console/orders' },
    { text: 'Subscriptions', path: 'console/subscriptions' },
    { text: 'Providers', path: 'console/providers' },
    { text: 'Listings', path: 'console/listings' },
    { text: 'Operators', path: 'console/operators' },
    { text: 'Audit', path: 'console/audit' },
  ],
};

/** A provider's own pages. */
export const portalArea: Area = {
  name: 'Providers',
  path: 'provider',
  navigation: [
    { text: 'Set up', path: 'provider' },
    { text: 'Figures', path: 'provider/figures' },
    { text: 'Purchases', path: 'provider/purchases' },
    { text: 'Rejections', path: 'provider/rejections' },
    { text: 'Reconciliation', path: 'provider/reconciliation' },
    { text: 'Keys', path: 'provider/keys' },
  ],
};

/** The area that the address belongs to. */
export function areaOf(requestUrl: string): Area {
  return /^\/+provider(?:[/?]|$)/.test(requestUrl) ? portalArea : consoleArea;
}

export type AreaPageParts = Omit<FrameParts, 'url' | 'area' | 'reader'>;

/** Answers with a page of the request's area, in the frame of who reads it. */
export function sendAreaPage(reply: FastifyReply, parts: AreaPageParts, status = 200): FastifyReply {
  const { url, reader } = reply.request;
  return sendPage(reply, framedPage({ ...parts, url, area: areaOf(url), reader: nameOf(reader) }), status);
}

function nameOf(reader: FastifyReply['request']['reader']): string | undefined {
  if (!reader) return undefined;
  return reader.kind === 'operator' ? reader.name : reader.provider.name;
}
