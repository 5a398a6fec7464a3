/** Reading CSV: what a spreadsheet writes, and where it is wrong. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCsv } from './csv.ts';

const read = (text: string): unknown => readCsv(text, ['a', 'b']);

it('reads rows with the line that each begins in', () => {
  expect(read('\uFEFFb,a\r\n1,2\r\n\r\n"x, ""y""\nz",3')).toEqual({
    rows: [
      { line: 2, fields: { b: '1', a: '2' } },
      { line: 4, fields: { b: 'x, "y"\nz', a: '3' } },
    ],
  });
  expect(read('a,b\n')).toEqual({ rows: [] });
  expect(read('a,b\n1,\n')).toEqual({ rows: [{ line: 2, fields: { a: '1', b: '' } }] });
});

it('names the line that is not CSV, or not what the header says', () => {
  expect(read('')).toEqual({ problem: { line: 1, message: 'the first line must name a,b' } });
  expect(read('a,c\n1,2')).toEqual({ problem: { line: 1, message: 'the first line must name a,b' } });
  expect(read('a,b\n1,2\n1,2,3')).toEqual({ problem: { line: 3, message: 'has 3 fields where the header has 2' } });
  expect(read('a,b\n1,2\n"1,2')).toMatchObject({ problem: { line: 3 } });
  expect(read('a,b\n1,x"y"')).toMatchObject({ problem: { line: 2 } });
});

it('reads back whatever was written', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') }).map((text) => text.trim());
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
      const written = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\n');
      const answer = readCsv(`a,b\n${written}`, ['a', 'b']);
      expect('rows' in answer && answer.rows.map(({ fields }) => [fields.a, fields.b])).toEqual(rows);
    }),
  );
});
