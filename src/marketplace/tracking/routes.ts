import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { trackingPath, trackingPicturePath } from '../../wire/paths.ts';
import { bodyTypeOf, queryOf, readBody, takeAnyContentType } from '../http/body.ts';
import { isCrawler } from '../http/bots.ts';
import { reportError, sendProblem } from '../http/errors.ts';
import type { Fields } from '../http/fields.ts';
import type { Via } from '../ledger/tracking.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { answerDueMs, unlessLate } from '../store/deadline.ts';
import type { Store } from '../store/store.ts';
import { answerProbe, probedKey, type Sender } from './judge.ts';
import { refusedGif, storedGif, unwelcomeGif, welcomeGif } from './pictures.ts';
import { presentTracking } from './present.ts';
import type { Arrival, Intake, Stored } from './receive.ts';
import { Refusal, refusalProblem } from './refusal.ts';

const resultHeader = 'x-tracking-result';

export interface IntakeRoutesOptions {
  intake: Intake;
  store: Pick<Store, 'findTracking'>;
  providers: ProviderLookup;
}

/** The two ways in: the POST, and the picture that is the same in a GET. */
export async function intakeRoutes(
  app: FastifyInstance,
  { intake, store, providers }: IntakeRoutesOptions,
): Promise<void> {
  allowAllOrigins(app, trackingPath);
  takeAnyContentType(app);

  app.post<{ Body: Buffer }>(trackingPath, async (request, reply) => {
    const { body } = request;
    const { isForm, charset } = bodyTypeOf(request);
    const probed = isForm ? probedKey(body.toString()) : undefined;
    if (probed !== undefined) {
      reply.header(resultHeader, await answerInTime(probed, request));
      return await reply.code(204).send();
    }
    const untilMs = answerDueMs();
    const readFields = () => readBody(body, isForm, charset);
    const answer = await receive({ via: 'post', sender: senderOf(request), body, readFields, untilMs });
    tellResult('post', request, reply, answer);
    if (answer instanceof Refusal) return sendProblem(reply, refusalProblem(answer));
    const said = await unlessLate(receipt(answer), untilMs);
    return await reply.code(answer.result === 'created' ? 201 : 200).send(said);
  });

  function receive(arrival: Arrival): Promise<Stored | Refusal> {
    return unlessLate(intake.receive(arrival), arrival.untilMs);
  }

  function answerInTime(probed: string, request: FastifyRequest): Promise<string> {
    return unlessLate(answerProbe(probed, senderOf(request), providers), answerDueMs());
  }

  /** Anyone may send, only the provider may read: the row is shown to those who know its secret. */
  async function receipt({ result, id, providerId, ignored, trust }: Stored) {
    const row =
      trust === 'signed' || trust === 'server' ? await store.findTracking(id, providerId) : undefined;
    return {
      status: result,
      id,
      ...(ignored.length > 0 && { ignored }),
      ...(row && { [row.event]: presentTracking(row) }),
    };
  }

  app.get<{ Querystring: Fields }>(trackingPicturePath, {
    // A picture proves something, so there is none where nothing is proven.
    errorHandler: (error, request, reply) => {
      reply.code(reportError(error, request, reply).status).send();
    },
    handler: async (request, reply) => {
      const query = queryOf(request.url);
      const probed = probedKey(query);
      if (probed !== undefined) {
        const result = await answerInTime(probed, request);
        reply.header(resultHeader, result).type('image/gif');
        return await reply.send(result.includes('reason=') ? unwelcomeGif : welcomeGif);
      }
      const fields = request.query;
      const answer = await receive({
        via: 'gif',
        sender: senderOf(request),
        body: query,
        readFields: () => fields,
        untilMs: answerDueMs(),
      });
      tellResult('gif', request, reply, answer);
      const isRefused = answer instanceof Refusal;
      const picture = isRefused ? refusedGif(fields) : storedGif(fields);
      return await reply
        .code(isRefused ? answer.status : 200)
        .type('image/gif')
        .send(picture);
    },
  });

  app.head(trackingPicturePath, async (request, reply) => {
    const probed = probedKey(queryOf(request.url));
    if (probed !== undefined) reply.header(resultHeader, await answerInTime(probed, request));
    return await reply.type('image/gif').send();
  });
}

function tellResult(way: Via, request: FastifyRequest, reply: FastifyReply, answer: Stored | Refusal): void {
  const { trust } = answer;
  if (answer instanceof Refusal) {
    const { reason } = answer;
    reply.header(resultHeader, `rejected; reason=${reason}`);
    if (answer.status === 401) reply.header('www-authenticate', 'Bearer');
    request.outcome = { way, result: 'rejected', reason, trust };
  } else {
    reply.header(resultHeader, answer.result);
    request.outcome = { way, result: answer.result, trust };
  }
}

const preflightAgeSeconds = 86_400;

/**
 * Pages of any origin may send and see what became of it; no page is given a reason to send credentials or
 * a secret, so neither is allowed.
 */
function allowAllOrigins(app: FastifyInstance, preflighted: string): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'X-Tracking-Result, Retry-After',
      // A page that looks into its own beacon sees whether an answer came, which sendBeacon doesn't tell.
      'timing-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
  app.options(preflighted, async (_request, reply) => {
    reply.headers({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': preflightAgeSeconds,
    });
    return await reply.code(204).send();
  });
}

function senderOf({ headers }: FastifyRequest): Sender {
  const { authorization, origin, referer } = headers;
  return { authorization, origin, referer, isBot: isCrawler(headers['user-agent']) };
}
