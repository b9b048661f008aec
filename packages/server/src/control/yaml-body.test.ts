import { Problem } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { Lexer } from 'yaml'
import { parseYaml, YAML_LEXEMES_MAX } from './yaml-body.ts'

function problemOf(text: string): string {
  try {
    parseYaml(text)
  } catch (error) {
    if (error instanceof Problem) return error.detail
    throw error
  }
  throw new Error(`accepted: ${text}`)
}

describe('parseYaml accepts', () => {
  test.each<[string, unknown]>([
    ['a: 1\nb: [x, "y", \'z\']\n', { a: 1, b: ['x', 'y', 'z'] }],
    ['---\na: 1\n', { a: 1 }],
    ['a: 1\n...\n', { a: 1 }],
    ['--- # one\na: 1\n... # end\n# more\n\n', { a: 1 }],
    ['# only\n--- {a: 1}\n', { a: 1 }],
    ['\ufeffa: 1', { a: 1 }],
    ['a: yes\nb: no\nc: on\nd: off\ne: y\nf: n', { a: 'yes', b: 'no', c: 'on', d: 'off', e: 'y', f: 'n' }],
    [
      'a: true\nb: False\nc: NULL\nd: ~\ne:\nf: tRue',
      { a: true, b: false, c: null, d: null, e: null, f: 'tRue' },
    ],
    [
      'a: 0o17\nb: 0x1F\nc: 017\nd: 1_000\ne: 0b1\nf: 1:30',
      { a: 15, b: 31, c: 17, d: '1_000', e: '0b1', f: '1:30' },
    ],
    ['a: .5\nb: 1.\nc: +1\nd: -1e3\ne: 1e999x', { a: 0.5, b: 1, c: 1, d: -1000, e: '1e999x' }],
    [
      'a: 2026-01-01\nb: 2026-01-01T00:00:00Z\nc: 12:30:45',
      { a: '2026-01-01', b: '2026-01-01T00:00:00Z', c: '12:30:45' },
    ],
    ['a: "0x1F"\nb: \'true\'\nc: ".nan"\nd: .na', { a: '0x1F', b: 'true', c: '.nan', d: '.na' }],
    [
      'a: 9007199254740992\nb: "9007199254740993"\nc: 0x20000000000000',
      { a: 2 ** 53, b: '9007199254740993', c: 2 ** 53 },
    ],
    ['1: a\ntrue: b\nnull: c\n"q": d', { 1: 'a', true: 'b', null: 'c', q: 'd' }],
    ['a: &x {b: 1}\nc: *x\n&k d: *x', { a: { b: 1 }, c: { b: 1 }, d: { b: 1 } }],
    ['"<<": 1', { '<<': 1 }],
    [
      'a: |\n  !!omap\n  --- x\nb: "...\\n---"\nc: "!x"\nd: x !y &z *w',
      { a: '!!omap\n--- x\n', b: '...\n---', c: '!x', d: 'x !y &z *w' },
    ],
    ['a:\tb', { a: 'b' }],
    ['a: "\\ud83d\\ude00 \\x41"', { a: '\u{1f600} A' }],
    [`${'['.repeat(64)}${']'.repeat(64)}`, expect.anything()],
    [`{${Array.from({ length: 100 }, (_, index) => `k${index}: 1`).join(', ')}}\n`, expect.anything()],
    ['? a\n: b', { a: 'b' }],
    ['a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['', null],
    ['# nothing', null],
    ['---\n', null],
    ['x', 'x'],
  ])('%j', (text, value) => {
    expect(parseYaml(text)).toEqual(value)
  })
})

describe('parseYaml refuses', () => {
  test.each<[name: string, text: string, position: string]>([
    ['!!omap', 'authentication: !!omap [apiKey: true]', 'line 1, column 17'],
    ['!!set', 'a: 1\nauthentication: !!set {apiKey}', 'line 2, column 17'],
    ['!!binary', 'a: !!binary YQ==', 'line 1, column 4'],
    ['!!pairs', 'a: !!pairs [b: 1]', 'line 1, column 4'],
    ['!!timestamp', 'a: !!timestamp 2026-01-01', 'line 1, column 4'],
    ['!!int of a text', 'a: !!int "7"', 'line 1, column 4'],
    ['!!str', 'a: !!str 7', 'line 1, column 4'],
    ['!!map, which is the default', 'a: !!map {b: 1}', 'line 1, column 4'],
    ['!!merge', '!!merge <<: {a: 1}', 'line 1, column 1'],
    ['a tag of a name', '!!omap a: 1', 'line 1, column 1'],
    ['the non-specific tag', 'a: ! 7', 'line 1, column 4'],
    ['a local tag', 'a: !mine {b: 1}', 'line 1, column 4'],
    ['a verbatim tag', 'a: !<tag:yaml.org,2002:omap> [b: 1]', 'line 1, column 4'],
    ['a tag after an anchor', 'a: &x !!omap [b: 1]', 'line 1, column 7'],
    ['a tag of the document', '--- !!omap\n- a: 1', 'line 1, column 5'],
    ['a second document', 'a: 1\n---\nb: 2', 'line 2, column 1'],
    ['two starts', '---\n---\na: 1', 'line 2, column 1'],
    ['a second, empty document', '---\na: 1\n---\n', 'line 3, column 1'],
    ['content after the end', 'a: 1\n...\nb: 2', 'line 3, column 1'],
    ['a start after the end', 'a: 1\n...\n---\n', 'line 3, column 1'],
    ['a document after an empty one', '---\n...\na: 1', 'line 3, column 1'],
    ['an end before the content', '...\na: 1', 'line 2, column 1'],
    ['a document on the line of its start', 'a: 1\n--- {b: 2}', 'line 2, column 1'],
    ['the directive %YAML', '%YAML 1.1\n---\na: yes', 'line 1, column 1'],
    ['the directive %TAG', '%TAG ! tag:yaml.org,2002:\n---\na: !omap [b: 1]', 'line 1, column 1'],
    ['an unknown directive', '%X\n---\na: 1', 'line 1, column 1'],
    ['a merge key', 'a: &x {b: 1}\nc:\n  <<: *x', 'line 3, column 3'],
    ['a duplicate name', 'a: 1\nb: 2\na: 3', 'line 3, column 1'],
    ['a duplicate name in a flow', 'x: {a: 1, "a": 2}', 'line 1, column 11'],
    ['a duplicate name, escaped', '"\\x61": 1\na: 2', 'line 2, column 1'],
    ['a duplicate name of another type', '1: a\n"1": b', 'line 2, column 1'],
    ['a list as a name', '? [a, b]\n: x', 'line 1, column 3'],
    ['a map as a name', '? {a: b}\n: x', 'line 1, column 3'],
    ['an alias as a name', '&a x: 1\n*a : 2', 'line 2, column 1'],
    ['no name', ': x', 'line 1, column 1'],
    ['no name in a flow', '{: x}', 'line 1'],
    ['infinity', 'a: .inf', 'line 1, column 4'],
    ['minus infinity', 'a:\n  - -.INF', 'line 2, column 5'],
    ['not a number', 'a: .NaN', 'line 1, column 4'],
    ['a number that is too large', 'a: 1e999', 'line 1, column 4'],
    ['an integer that loses digits', 'a: 9007199254740993', 'line 1, column 4'],
    ['a hexadecimal integer that loses digits', 'a: 0x20000000000001', 'line 1, column 4'],
    ['an octal integer that loses digits', 'a: 0o777777777777777777', 'line 1, column 4'],
    ['an integer without end', `a: ${'9'.repeat(1000)}`, 'line 1, column 4'],
    ['a tab as indentation', 'a:\n\tb: 1', 'line 2'],
    ['a byte order mark inside', 'a: 1\n\ufeffb: 2', 'line 2, column 1'],
    ['two byte order marks', '\ufeff\ufeffa: 1', 'line 1, column 1'],
    ['NUL', 'a: b\0c', 'line 1, column 5'],
    ['a control character', 'a: "\u0007"', 'line 1, column 5'],
    ['a C1 control character', 'a: \u009fb', 'line 1, column 4'],
    ['a carriage return alone', 'a: 1\rb: 2', 'line 1, column 5'],
    ['NUL, escaped', 'a: "\\0"', 'line 1, column 4'],
    ['a lone surrogate', 'a: "\\ud800"', 'line 1, column 4'],
    ['a lone surrogate in a name', '"\\ud800": 1', 'line 1, column 1'],
    ['an unknown alias', 'a: *b', 'line 1, column 4'],
    ['an alias of itself', 'a: &a [*a]', 'line 1, column 8'],
    ['an unclosed list', 'a: [b', 'line 1, column 6'],
    ['an unclosed text', 'a: "b', 'line 1, column 6'],
    ['a reserved indicator', 'a: @b', 'line 1, column 4'],
    ['another reserved indicator', 'a: `b', 'line 1, column 4'],
    ['a text as a map', 'a: b: c', 'line 1, column 4'],
    ['65 levels of lists', `${'['.repeat(65)}${']'.repeat(65)}`, 'line 1, column 65'],
    ['65 levels of lists in block style', `${'- '.repeat(65)}a`, 'line 1, column 129'],
    [
      'levels by indentation',
      Array.from({ length: 66 }, (_, index) => `${' '.repeat(index)}a:\n`).join(''),
      'line 65',
    ],
    ['30,000 levels', '['.repeat(30_000), 'line 1, column 65'],
    ['more than 100 aliases', `a: &a 1\nb: [${'*a, '.repeat(101)}]`, 'line 2, column 405'],
    [
      'aliases of aliases',
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n',
      'line 2, column 8',
    ],
  ])('%s', (_name, text, position) => {
    expect(problemOf(text)).toContain(`(${position}`)
  })

  test('quotes nothing but the name of a member that is there twice', () => {
    for (const text of [
      'a: !s3cr3t x',
      '%s3cr3t\n---\n',
      'a: s3cr3t\na: s3cr3t',
      'a: *s3cr3t',
      'a: "s3cr3t',
      's3cr3t: @x',
    ]) {
      expect(problemOf(text)).not.toContain('s3cr3t')
    }
  })
})

describe('parseYaml limits its work', () => {
  const lexemesOf = (text: string): number => [...new Lexer().lex(text)].length

  // A list starts with some lexemes, and each further item has three: comma, start of a scalar, scalar.
  const items = (count: number): string => `[1${',1'.repeat(count - 1)}]`
  const itemsMax = Math.floor((YAML_LEXEMES_MAX - lexemesOf(items(1))) / 3) + 1

  test('to a number of lexemes', () => {
    expect(parseYaml(items(itemsMax))).toHaveLength(itemsMax)
    expect(problemOf(items(itemsMax + 1))).toContain(`more than ${YAML_LEXEMES_MAX}`)
  })

  // Each unit fills 64 KiB with more lexemes or nodes than any text that people write has.
  test.each([
    '[],',
    '{},',
    '1,',
    '?,',
    ':,',
    '- \n',
    '- a:\n',
    '-\t-\n',
    '\n',
    '#\n',
    '}\n',
    '"",',
    '- |\n',
    '? ',
    ': ',
    '...\n',
    '---\n',
    '&a ,',
    '- &a\n',
    '- @\n',
    'a: }',
  ])('and reads no further, for %j', (unit) => {
    // A text that is cut off has up to three more lexemes than its part of the whole has, such as the start of a scalar.
    for (const start of ['', '[', '{', 'a: ']) {
      const text = start + unit.repeat((64 * 1024 - start.length) / unit.length)
      expect([start, lexemesOf(readPart(text)) <= YAML_LEXEMES_MAX + 3]).toEqual([start, true])
    }
  })

  test('to errors without stack traces, which it would collect for each of thousands of errors', () => {
    const { stackTraceLimit } = Error
    const error = thrownBy(`a: "${'\\['.repeat(30_000)}"`)
    expect(error).toBeInstanceOf(Problem)
    expect((error as Problem).cause).toMatchObject({ name: 'YAMLParseError' })
    expect((error as { cause: Error }).cause.stack).not.toContain('\n    at ')
    expect(Error.stackTraceLimit).toBe(stackTraceLimit)
  })

  test('but accepts a spec with 100 routes and 50 steps', () => {
    const routes = Array.from({ length: 100 }, (_, index) => `      - /orders/:id/part-${index}\n`)
    const step = `    - call:
        url: https://orders.example.com/orders/{id}
        method: POST
        headers:
          authorization: Bearer {secrets.ORDERS_TOKEN} # a secret of the environment
          x-request-kind: order
        body: |
          { "id": params.id, "total": $sum(body.items.price) }
        timeoutMs: 3000

`
    const text = `spec:\n  trigger:\n    kind: rest\n    routes:\n${routes.join('')}  steps:\n${step.repeat(50)}`
    expect(parseYaml(text)).toMatchObject({ spec: { steps: { length: 50 } } })
  })
})

/** The part of a text that was read, up to the position that the problem names. */
function readPart(text: string): string {
  const error = thrownBy(text)
  if (!(error instanceof Problem)) return text
  const [, line, column] = /line (\d+), column (\d+)\)\.$/.exec(error.detail) ?? []
  const lines = text.split('\n').slice(0, Number(line))
  return [...lines.slice(0, -1), lines.at(-1)?.slice(0, Number(column) - 1)].join('\n')
}

function thrownBy(text: string): unknown {
  try {
    return parseYaml(text)
  } catch (error) {
    return error
  }
}
