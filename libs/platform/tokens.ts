/** What platform gives to every provider by token: which app this is, and its logger. */
export const APP = Symbol('app');
export const LOG = Symbol('log');

export type AppName = 'api' | 'launcher' | 'metering' | 'billing';

export interface App {
  /** Also the name of its folder, its schema and its database role. */
  name: AppName;
  sweepSeconds: number;
  /** Tests work the stages by hand, so that nothing happens between two assertions. */
  stages: 'running' | 'by-hand';
}
