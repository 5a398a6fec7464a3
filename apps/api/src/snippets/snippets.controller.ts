/** POST /v1/snippets. Nothing is launched by it. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { NewSnippet, SnippetView } from './snippets.schema.ts';
import { Snippets } from './snippets.ts';

@Controller('v1/snippets')
@Only('buyer')
export class SnippetsController {
  constructor(private readonly snippets: Snippets) {}

  @Post()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: SnippetView })
  write(@CurrentCaller() caller: Caller, @Body({ schema: NewSnippet }) body: NewSnippet): Promise<SnippetView> {
    return this.snippets.write(caller, body);
  }
}
