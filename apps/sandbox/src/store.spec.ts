/** What the store promises: order, whole calls or none, numbers that never repeat, and all of it again after a restart. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Store } from './store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('leaves nothing of a call that breaks, in memory or on disk', () => {
  const file = join(folder, 'half.sqlite');
  const store = new Store(file);
  const items = store.table<string>('item');
  items.set('kept', 'before');
  expect(() =>
    store.atomically(() => {
      items.set('kept', 'changed');
      store.atomically(() => items.set('half', 'nested'));
      throw new Error('broken');
    }),
  ).toThrow('broken');
  expect(items.values()).toEqual(['before']);
  store.atomically(() => items.set('whole', 'after'));
  store.close();
  const again = new Store(file);
  expect(again.table<string>('item').values()).toEqual(['before', 'after']);
  again.close();
});

it('gives values in the order they were first written, also when one is written again and after a restart', () => {
  const file = join(folder, 'order.sqlite');
  const store = new Store(file);
  const items = store.table<number>('item');
  for (const id of ['b', 'a', 'c']) items.set(id, 1);
  items.set('b', 2);
  expect(items.values()).toEqual([2, 1, 1]);
  store.close();
  const again = new Store(file);
  expect(again.table<number>('item').values()).toEqual([2, 1, 1]);
  again.close();
});

it('counts on after a restart, and forgets at a clear all but what it is told to keep', () => {
  const file = join(folder, 'count.sqlite');
  const store = new Store(file);
  expect([store.next('image'), store.next('image'), store.next('other')]).toEqual([1, 2, 1]);
  store.close();
  const again = new Store(file);
  expect(again.next('image')).toBe(3);
  again.table('kept').set('a', 1);
  again.table('lost').set('a', 1);
  again.clear(['kept']);
  expect([again.table('kept').values(), again.table('lost').values(), again.next('image')]).toEqual([[1], [], 1]);
  again.close();
});

it('finds by keys, in the order of the numbers, through changes, deletions, a broken call and a restart', () => {
  interface Ship {
    number: number;
    port: string;
  }
  const file = join(folder, 'index.sqlite');
  const store = new Store(file);
  const ships = store.table<Ship>('ship');
  const inPort = ships.index((ship) => [ship.port]);
  const numbers = (port: string) => inPort.get(port).map((ship) => ship.number);
  for (const number of [3, 1, 2]) ships.set(`s${number}`, { number, port: 'Hamburg' });
  expect(numbers('Hamburg')).toEqual([1, 2, 3]);
  ships.set('s2', { number: 2, port: 'Genoa' });
  ships.delete('s1');
  expect([numbers('Hamburg'), numbers('Genoa')]).toEqual([[3], [2]]);
  const broken = () =>
    store.atomically(() => {
      ships.set('s4', { number: 4, port: 'Genoa' });
      throw new Error('broken');
    });
  expect(broken).toThrow('broken');
  expect(numbers('Genoa')).toEqual([2]);
  store.close();
  const again = new Store(file);
  expect(
    again
      .table<Ship>('ship')
      .index((ship) => [ship.port])
      .get('Hamburg'),
  ).toEqual([{ number: 3, port: 'Hamburg' }]);
  again.close();
});
