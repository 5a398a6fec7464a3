/** What platform gives to every provider by token: which app this is, its logger, and the database it reads others' tables in. */
import { DataSource } from 'typeorm';

export const APP = Symbol('app');
export const LOG = Symbol('log');

/** Where queues are that ring for this app: its own database, and the one of those who write the rows it reads. */
export const BELLS = Symbol('bells');

/** The database with the tables of other apps that this one reads; the app's own unless its settings name another. */
export abstract class OtherDatabase extends DataSource {}

export type AppName = 'api' | 'launcher' | 'metering' | 'billing';

export interface App {
  /** Also the name of its folder, its schema and its database role. */
  name: AppName;
  sweepSeconds: number;
  /** Tests work the stages by hand, so that nothing happens between two assertions. */
  stages: 'running' | 'by-hand';
}
