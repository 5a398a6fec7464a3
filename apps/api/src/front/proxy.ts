/** One origin: requests for the other apps go on to them, with a signed note of who is calling and nothing else of theirs. */
import proxy from '@fastify/http-proxy';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CALLER_HEADER, CallerSource, signCaller } from '#platform/auth.ts';
import { toProblem } from '#platform/problems.ts';
import type { ApiConfig } from '../config.ts';

/** Which app answers which paths. */
export const routesBehind = (config: ApiConfig): Record<string, string> => ({
  '/v1/images': config.LAUNCHER_URL,
  '/v1/image-shares': config.LAUNCHER_URL,
  '/v1/image-notices': config.LAUNCHER_URL,
  '/v1/instances': config.LAUNCHER_URL,
  '/v1/strays': config.LAUNCHER_URL,
  '/v1/launches/:id/events': config.LAUNCHER_URL,
  '/v1/volumes': config.LAUNCHER_URL,
  '/v1/snapshots': config.LAUNCHER_URL,
  '/v1/restores': config.LAUNCHER_URL,
  '/v1/restore-tests': config.LAUNCHER_URL,
  '/v1/fleet-upgrades': config.LAUNCHER_URL,
  '/v1/upgrades': config.LAUNCHER_URL,
  '/v1/infrastructure-prices': config.LAUNCHER_URL,
  '/v1/infrastructure-cost': config.LAUNCHER_URL,
  '/v1/usage': config.METERING_URL,
  '/v1/vendor-key-uses': config.METERING_URL,
  '/v1/events': config.METERING_URL,
  '/v1/usage-corrections': config.METERING_URL,
  '/v1/receipt-keys': config.METERING_URL,
  '/v1/confirm-instance': config.METERING_URL,
  '/v1/silences': config.METERING_URL,
  '/v1/instance-sessions': config.METERING_URL,
  '/v1/invoices': config.BILLING_URL,
  '/v1/live-costs': config.BILLING_URL,
  '/v1/explain': config.BILLING_URL,
  '/v1/held-closes': config.BILLING_URL,
  '/v1/credit-notes': config.BILLING_URL,
  '/v1/price-simulations': config.BILLING_URL,
  '/v1/credits': config.BILLING_URL,
  '/v1/refunds': config.BILLING_URL,
  '/v1/fee-rules': config.BILLING_URL,
  '/v1/fee-receipts': config.BILLING_URL,
  '/v1/disputes': config.BILLING_URL,
  '/v1/line-disputes': config.BILLING_URL,
  '/v1/dunning': config.BILLING_URL,
  '/v1/write-offs': config.BILLING_URL,
  '/v1/payment-method': config.BILLING_URL,
  '/v1/payment-terms': config.BILLING_URL,
  '/v1/billing-details': config.BILLING_URL,
  '/v1/payout-account': config.BILLING_URL,
  '/v1/earnings': config.BILLING_URL,
  '/v1/payouts': config.BILLING_URL,
  '/v1/payout-policy': config.BILLING_URL,
  '/v1/payout-policies': config.BILLING_URL,
  '/v1/payout-approvals': config.BILLING_URL,
  '/v1/payout-forecast': config.BILLING_URL,
  '/v1/statements': config.BILLING_URL,
  '/v1/reports': config.BILLING_URL,
  '/v1/ledger': config.BILLING_URL,
  '/v1/reconciliations': config.BILLING_URL,
  '/v1/platform': config.BILLING_URL,
  '/webhooks/stripe': config.BILLING_URL,
});

export async function proxyApps(app: NestFastifyApplication, config: ApiConfig): Promise<void> {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const callers = app.get(CallerSource);
  const notes = new WeakMap<object, string>();

  const vouch = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    try {
      const caller = await callers.callerOf(request);
      if (caller) notes.set(request, await signCaller(caller, config.CALLER_SECRET));
      return undefined;
    } catch (error) {
      const problem = { ...toProblem(error), requestId: request.id };
      return reply.status(problem.status).type('application/problem+json').send(problem);
    }
  };

  for (const [prefix, upstream] of Object.entries(routesBehind(config))) {
    await server.register(proxy, {
      upstream,
      prefix,
      rewritePrefix: prefix,
      preHandler: vouch as never,
      replyOptions: {
        rewriteRequestHeaders: (request, headers) => {
          const { cookie: _cookie, authorization: _authorization, [CALLER_HEADER]: _claimed, ...rest } = headers;
          const note = notes.get(request);
          return { ...rest, 'x-request-id': request.id, ...(note ? { [CALLER_HEADER]: note } : {}) };
        },
        onError: (reply, { error }) => {
          const problem = {
            ...toProblem(error),
            status: 503,
            code: 'app_unavailable',
            title: 'app unavailable',
            detail: 'This part of Slipway does not answer at the moment. Nothing was lost; try again shortly.',
          };
          void reply.status(503).header('retry-after', '2').type('application/problem+json').send(problem);
        },
      },
    });
  }
}
