import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RE2JS } from 're2js'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { miscopied, sampleToken } from '../packages/scan/src/testing/sample-tokens.ts'

const RULES = join(import.meta.dirname, '..', 'scanning')

interface GitleaksRules {
  readonly rules: readonly {
    readonly regex: string
    readonly secretGroup: number
    readonly keywords: string[]
  }[]
}

interface TrufflehogRules {
  readonly detectors: readonly { readonly regex: { readonly token: string }; readonly keywords: string[] }[]
}

const [gitleaks] = (parseToml(readFileSync(join(RULES, 'gitleaks.toml'), 'utf8')) as unknown as GitleaksRules)
  .rules
const [trufflehog] = (parseYaml(readFileSync(join(RULES, 'trufflehog.yaml'), 'utf8')) as TrufflehogRules)
  .detectors

/** Both tools take the first group of a match for the secret, and read files only that have a keyword. */
const PATTERNS = [
  { tool: 'gitleaks', pattern: gitleaks?.regex ?? '', keywords: gitleaks?.keywords ?? [] },
  { tool: 'TruffleHog', pattern: trufflehog?.regex.token ?? '', keywords: trufflehog?.keywords ?? [] },
]

const TOKEN = sampleToken(1)

describe.each(PATTERNS)('the rule for $tool', ({ pattern, keywords }) => {
  // Go's regular expressions are those of RE2.
  const compiled = RE2JS.compile(pattern)

  function secrets(text: string): (string | null)[] {
    const found: (string | null)[] = []
    const matcher = compiled.matcher(text)
    while (matcher.find()) found.push(matcher.group(1))
    return found
  }

  test('reads files with the prefix of secret keys', () => {
    expect(keywords).toEqual(['sp_sk_'])
    expect(TOKEN.toLowerCase()).toContain('sp_sk_')
  })

  test.each([
    ['alone', TOKEN],
    ['after an equals sign', `KEY=${TOKEN}\n`],
    ['between quotes', `{"key":"${TOKEN}"}`],
    ['on a later line', `one\r\n${TOKEN}\r\n`],
    ['after a byte order mark', `\uFEFF${TOKEN}`],
    ['between zero bytes', `\0${TOKEN}\0`],
    ['after an escaped line feed', String.raw`"a\n${TOKEN}"`],
    ['after an escaped byte', String.raw`\x3d${TOKEN}`],
    ['after an escaped equals sign of JSON', String.raw`\u003d${TOKEN}`],
    ['after an equals sign of a URL', `key%3D${TOKEN}%26a=b`],
  ])('finds a token %s', (_name, text) => {
    expect(secrets(text)).toEqual([TOKEN])
  })

  test('finds two tokens with one character between them', () => {
    expect(secrets(`${TOKEN},${sampleToken(2)}`)).toEqual([TOKEN, sampleToken(2)])
  })

  test.each([
    ['that a line feed splits', `${TOKEN.slice(0, 30)}\n${TOKEN.slice(30)}`],
    ['of a public key', sampleToken(1, 'public')],
    ['with another prefix', TOKEN.replace('sp_sk_', 'sk_live_')],
    ['that is one character short', TOKEN.slice(0, -1)],
    ['that is one character long', `${TOKEN}x`],
    ['that continues with an underscore', `${TOKEN}_`],
    ['after a letter', `x${TOKEN}`],
    ['after an underscore', `_${TOKEN}`],
    ['whose middle is a hyphen', `${TOKEN.slice(0, 22)}-${TOKEN.slice(23)}`],
  ])('finds no token %s', (_name, text) => {
    expect(secrets(text)).toEqual([])
  })

  test('finds a token with a wrong check, which only the scan of Sallyport tells apart', () => {
    expect(secrets(miscopied(TOKEN))).toEqual([miscopied(TOKEN)])
  })
})

test('gitleaks takes the token for the secret, without what is before it', () => {
  expect(gitleaks?.secretGroup).toBe(1)
})
