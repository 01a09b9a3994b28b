#!/usr/bin/env node
// Plain JavaScript beside the built kit, so that it runs as it is: in a checkout and out of an installed package.
const usage = `usage: onramp-track <partner-key> <service-name> <customer-id> <purchased-at>

Reports a purchase to the marketplace and prints its answer. purchased-at: ISO 8601 or epoch milliseconds.

environment:
  ONRAMP_BASE_URL   where the marketplace's service stands, for example https://market.example
  ONRAMP_SECRET     your secret, os_…; without it the purchase is reported as anyone could`;

if (Number.parseInt(process.versions.node, 10) < 20) {
  console.error(`onramp-track needs Node 20 or newer, and this is ${process.version}: https://nodejs.org`);
  process.exitCode = 1;
} else {
  process.exitCode = await main(process.argv.slice(2), process.env);
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>} the exit code
 */
async function main(args, { ONRAMP_BASE_URL: baseUrl, ONRAMP_SECRET: secret }) {
  const [partnerKey = '', serviceName = '', customerId = '', purchasedAt = ''] = args;
  // Only in the first place: a customer may be called -h.
  if (partnerKey === '--help' || partnerKey === '-h') {
    console.log(usage);
    return 0;
  }
  if (!(partnerKey && serviceName && customerId && purchasedAt)) return explain('a parameter is missing');
  if (args.length > 4) return explain('more parameters than four: a name with spaces needs quotes');
  if (!baseUrl) return explain('ONRAMP_BASE_URL is not set');

  const { createOnramp, OnrampError } = await import('../../../dist/provider.js');
  let onramp;
  try {
    onramp = createOnramp({ baseUrl, partnerKey, secret: secret || null });
  } catch (error) {
    // By the names that they have here.
    const names = { 'createOnramp: ': '', baseUrl: 'ONRAMP_BASE_URL', secret: 'ONRAMP_SECRET' };
    const mistake = Object.entries(names).reduce((text, [from, to]) => text.replace(from, to), error.message);
    return explain(mistake);
  }
  try {
    const body = await onramp.trackPurchase({ serviceName, customerId, purchasedAt });
    return print(body.status === 'created' ? 201 : 200, body);
  } catch (error) {
    if (!(error instanceof OnrampError)) throw error;
    if (error.status === undefined) {
      console.error(`error: ${error.message}`);
      return 1;
    }
    return print(error.status, error.problem ?? error.body);
  }
}

/** @param {string} mistake */
function explain(mistake) {
  console.error(`error: ${mistake}\n${usage}`);
  return 2;
}

/**
 * @param {number} status
 * @param {unknown} body
 */
function print(status, body) {
  console.log('statusCode:', status);
  console.log('body:', typeof body === 'string' ? body : JSON.stringify(body));
  return status === 200 || status === 201 ? 0 : 1;
}
