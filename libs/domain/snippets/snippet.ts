/**
 * A launch as text that makes the same machine without Slipway's launcher: for CloudFormation, Terraform and the AWS CLI. Knows neither
 * SQL nor EC2. Whatever a buyer or a vendor has written stays a value in each of the languages.
 */
import { awsCli } from './aws-cli.ts';
import { cloudFormation } from './cloudformation.ts';
import type { SnippetOrder } from './order.ts';
import { terraform } from './terraform.ts';
import { toYaml } from './yaml.ts';

export const SNIPPET_FORMATS = ['cloudformation-yaml', 'cloudformation-json', 'terraform', 'aws-cli'] as const;
export type SnippetFormat = (typeof SNIPPET_FORMATS)[number];

export interface Snippet {
  fileName: string;
  text: string;
}

/** @returns the file, the same for the same order. */
export function snippetOf(format: SnippetFormat, order: SnippetOrder): Snippet {
  switch (format) {
    case 'cloudformation-yaml':
      return { fileName: 'slipway.yaml', text: toYaml(cloudFormation(order)) };
    case 'cloudformation-json':
      return { fileName: 'slipway.json', text: `${JSON.stringify(cloudFormation(order), null, 2)}\n` };
    case 'terraform':
      return { fileName: 'slipway.tf', text: terraform(order) };
    case 'aws-cli':
      return { fileName: 'slipway.sh', text: awsCli(order) };
  }
}
