import { describe, expect, it } from 'vitest';
import { csvOf } from './csv.ts';

describe('csv', () => {
  it('has a header, a line for each row, and nothing in the cells of null', () => {
    expect(
      csvOf(
        ['product', 'amount'],
        [
          ['Acme Vault', '12.34'],
          [null, -5n],
        ],
      ),
    ).toBe('product,amount\r\nAcme Vault,12.34\r\n,-5\r\n');
  });

  it('quotes commas, quotes and line breaks', () => {
    expect(csvOf(['a'], [['Acme, Inc.'], ['the "best"'], ['two\nlines']])).toBe(
      'a\r\n"Acme, Inc."\r\n"the ""best"""\r\n"two\nlines"\r\n',
    );
  });

  it('makes no formula of a name, and leaves numbers below zero as they are', () => {
    expect(csvOf(['a'], [['=HYPERLINK("x")'], ['@SUM(A1)'], ['-2+3'], ['-2.50']])).toBe(
      `a\r\n"'=HYPERLINK(""x"")"\r\n'@SUM(A1)\r\n'-2+3\r\n-2.50\r\n`,
    );
  });
});
