/** What the story tells: Markdown, the same to the letter each time. No ids, no wall-clock times. */

export class Book {
  private readonly lines: string[] = [];

  constructor(private readonly hear: (line: string) => unknown) {}

  chapter(title: string): void {
    this.tell(`\n## ${title}\n`);
  }

  say(...sentences: string[]): void {
    this.tell(`${sentences.join(' ')}\n`);
  }

  /** A table of rows; the columns are those of the first row. */
  rows(caption: string, rows: ReadonlyArray<Record<string, unknown>>): void {
    this.tell(`**${caption}**\n`);
    if (rows.length === 0) return this.tell('(none)\n');
    const columns = Object.keys(rows[0]!);
    const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
    const widths = columns.map((_, index) => Math.max(3, ...cells.map((row) => row[index]!.length)));
    const line = (row: string[]): string => `| ${row.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`;
    this.tell(line(cells[0]!));
    this.tell(`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
    for (const row of cells.slice(1)) this.tell(line(row));
    this.tell('');
  }

  toString(): string {
    return `${this.lines.join('\n').trim()}\n`;
  }

  private tell(line: string): void {
    this.lines.push(line);
    this.hear(line);
  }
}
