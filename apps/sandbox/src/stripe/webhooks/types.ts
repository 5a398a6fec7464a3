/** Events, and the endpoints that hear of them. */
import type { Metadata, StripeObject } from '../payments/types.ts';

export interface StripeEvent extends StripeObject {
  object: 'event';
  /** The connected account on which it happened; absent for the platform's own. */
  account?: string;
  api_version: string;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

export interface StripeWebhookEndpoint extends StripeObject {
  object: 'webhook_endpoint';
  api_version: string | null;
  application: null;
  description: string | null;
  enabled_events: string[];
  livemode: false;
  metadata: Metadata;
  secret: string;
  status: 'enabled' | 'disabled';
  url: string;
}

/** An endpoint, and whether it hears of the connected accounts' events or of the platform's own. */
export type KeptEndpoint = StripeWebhookEndpoint & { sandbox_connect?: boolean };
