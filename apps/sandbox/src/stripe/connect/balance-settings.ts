/** When an account is paid out by itself; the platform's own, or that of the account named by Stripe-Account. */
import { z } from 'zod';
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';
import { type Route, route } from '../wire/route.ts';
import { flag, integer, text } from '../wire/rules.ts';
import { payoutSettings } from './account-fields.ts';
import { accountOf, keepAccount } from './standing.ts';
import type { StripeAccount } from './types.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;

const update = {
  payments: z
    .strictObject({
      debit_negative_balances: flag.optional(),
      payouts: z
        .strictObject({
          schedule: z
            .strictObject({
              interval: z.enum(['manual', 'daily', 'weekly', 'monthly']).optional(),
              monthly_payout_days: z.array(integer).optional(),
              weekly_payout_days: z.array(z.enum(WEEKDAYS)).optional(),
            })
            .optional(),
          statement_descriptor: text.optional(),
        })
        .optional(),
    })
    .optional(),
};

export function balanceSettingRoutes(state: StripeState): Route[] {
  return [
    route('GET /v1/balance_settings', {}, (_params, { owner }) => shown(accountOf(state, owner))),
    route('POST /v1/balance_settings', update, ({ payments }, { owner }) => {
      const { debit_negative_balances, payouts } = payments ?? {};
      const given = { ...(debit_negative_balances !== undefined && { debit_negative_balances }), ...payouts };
      const account = accountOf(state, owner);
      const settings = payoutSettings(account.settings.payouts, given);
      if (owner === PLATFORM) state.platformPayouts.set(PLATFORM, settings);
      else keepAccount(state, { ...account, settings: { ...account.settings, payouts: settings } });
      const after = accountOf(state, owner);
      state.emit(owner, 'balance_settings.updated', shown(after));
      return shown(after);
    }),
  ];
}

function shown({ settings, payouts_enabled }: StripeAccount): { object: 'balance_settings' } {
  const { debit_negative_balances, schedule, statement_descriptor } = settings.payouts;
  const { delay_days, interval, monthly_payout_days, weekly_payout_days } = schedule;
  return Object.assign(
    { object: 'balance_settings' as const },
    {
      payments: {
        debit_negative_balances,
        payouts: {
          automatic_transfer_rules_by_currency: null,
          minimum_balance_by_currency: null,
          schedule: {
            interval,
            ...(monthly_payout_days && { monthly_payout_days }),
            ...(weekly_payout_days && { weekly_payout_days }),
          },
          statement_descriptor,
          status: payouts_enabled ? 'enabled' : 'disabled',
        },
        settlement_timing: { delay_days, start_of_day: null },
      },
    },
  );
}
