/** A route: its address, the table of its parameters and what it does with them. Its work is synchronous, so it is whole. */
import { z } from 'zod';
import { invalid } from './errors.ts';
import { type Form, formReader } from './form.ts';

export interface Caller {
  /** The account on whose behalf it is called: the platform, or the one named by Stripe-Account. */
  owner: string;
  /** What stands for `:id` in the address, and for `:sub` beneath it. */
  id: string;
  subId: string;
  /** Where the sandbox was reached, for links: `http://localhost:4010`. */
  origin: string;
  /** The decline code that a fault asks the next attempt to fail with. */
  decline?: string;
}

export type Address = `${'GET' | 'POST' | 'DELETE'} /v1/${string}`;

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  address: Address;
  /** The table of parameters, without `expand`. */
  shape: z.ZodRawShape;
  /** Checks the form against the table. @throws StripeRefusal 400, before anything is done. */
  read(form: Form): { params: unknown; expand: string[] };
  handle(params: unknown, caller: Caller): object;
  /** Whether this call makes a payment attempt, which a card error requested by a fault can make fail as the bank would. */
  charges(params: unknown): boolean;
}

type Params<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape, z.core.$strict>>;

export function route<Shape extends z.ZodRawShape>(
  address: Address,
  shape: Shape,
  handle: (params: Params<Shape>, caller: Caller) => object,
  charges: (params: Params<Shape>) => boolean = () => false,
): Route {
  const [method, path] = address.split(' ') as [Route['method'], string];
  const readForm = formReader(address, shape);
  return {
    method,
    path,
    address,
    shape,
    read: ({ expand, ...form }) => ({ params: readForm(form), expand: readExpand(expand) }),
    handle: (params, caller) => handle(params as Params<Shape>, caller),
    charges: (params) => charges(params as Params<Shape>),
  };
}

const paths = z.array(z.string()).optional();

function readExpand(expand: unknown): string[] {
  const read = paths.safeParse(expand);
  if (!read.success) throw invalid('Invalid array', { param: 'expand' });
  return read.data ?? [];
}
