import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, openAcme, textOf, type AcmeWorld, type Json } from './testing/control-world.ts'
import { parseYaml } from './yaml-body.ts'

type Texts = readonly (readonly [about: string, text: string])[]

function vectors(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../../vectors/${file}`, import.meta.url), 'utf8'))
}

const JSON_TEXTS = vectors('json-texts.json') as Readonly<
  Record<'accepted' | 'refused' | 'unsafe' | 'refusedBytes', Texts>
>
const YAML_TEXTS = vectors('yaml-texts.json') as {
  readonly accepted: readonly (readonly [about: string, text: string, value: unknown])[]
  readonly refused: Texts
}

let world: AcmeWorld
let url: string

beforeAll(async () => {
  world = await openAcme()
  url = `http://127.0.0.1:${await world.port()}${ACME}/pipelines`
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function post(path: string, type: string, body: Uint8Array | string): Promise<readonly [number, Json]> {
  const headers = { ...world.owner, 'content-type': type }
  const response = await fetch(url + path, { method: 'POST', headers, body })
  return [response.status, (await response.json()) as Json]
}

/** The body that a pipeline responds with, as GET returns it. */
async function savedBody(pipeline: string): Promise<unknown> {
  const { body } = await world.own('GET', `${ACME}/pipelines/${pipeline}`)
  return body['spec']?.['steps']?.['0']?.['respond']?.['body']
}

/** About how many levels of nesting a text has. */
function levelsOf(text: string): number {
  return text.match(/[[{]|- /g)?.length ?? 0
}

/** Posts bodies that cannot be read. @returns those that are not refused for that reason */
async function readable(type: string, bodies: readonly (Uint8Array | string)[]): Promise<readonly unknown[]> {
  const { revision } = world.cell.current
  const unexpected: unknown[] = []
  for (const body of bodies) {
    const [status, { code, errors }] = await post('', type, body)
    // A problem of the whole body, not of a field that it lacks.
    const isUnreadable = Object.values(errors ?? {}).every(
      ({ message }) => !/required|Send an object/.test(textOf(message)),
    )
    if (status !== 400 || textOf(code) !== 'invalid_request' || !isUnreadable)
      unexpected.push([body, status, errors])
  }
  expect(world.cell.current.revision).toBe(revision)
  return unexpected
}

describe('JSON bodies over HTTP, by vectors/json-texts.json', () => {
  test('accepted texts come back with the same values', async () => {
    // There are seven levels around each text.
    const texts = JSON_TEXTS.accepted.map(([, text]) => text).filter((text) => levelsOf(text) < 57)
    const body = `{"name":"json","spec":{"trigger":{"kind":"rest"},"steps":[{"respond":{"body":[${texts.join()}]}}]}}`
    expect((await post('', 'application/json', body))[0]).toBe(201)
    // Zero is stored without a sign, as `JSON.stringify` writes it.
    const values = texts.map((text) => JSON.parse(JSON.stringify(JSON.parse(text))) as unknown)
    expect(await savedBody('json')).toEqual(values)
  })

  test('a refused text, also one that is not UTF-8, gets 400 and changes nothing', async () => {
    const texts = [...JSON_TEXTS.refused, ...JSON_TEXTS.unsafe]
      .map(([, text]) => text)
      .filter((text) => text !== '')
    expect(await readable('application/json', texts)).toEqual([])
    const bytes = JSON_TEXTS.refusedBytes.map(([, hex]) => Buffer.from(hex, 'hex'))
    expect(await readable('application/json', bytes)).toEqual([])
    expect(
      await readable(
        'application/yaml',
        JSON_TEXTS.refusedBytes
          .filter(([about]) => about === 'invalid UTF-8')
          .map(([, hex]) => Buffer.from(hex, 'hex')),
      ),
    ).toEqual([])
  })
})

describe('YAML bodies, by vectors/yaml-texts.json', () => {
  test.each(YAML_TEXTS.accepted)('accepts %s: %j', (_about, text, value) => {
    expect(parseYaml(text)).toEqual(value)
  })

  test.each(YAML_TEXTS.refused)('refuses %s: %j', (_about, text) => {
    expect(() => parseYaml(text)).toThrow(/\(line \d+, column \d+\)/)
  })

  test('accepted texts come back with the same values over HTTP', async () => {
    // A document of its own cannot stand within another one.
    const within = YAML_TEXTS.accepted.filter(
      ([about, text]) =>
        !/document|empty|comment|aliases/.test(about) && !text.includes('\r') && levelsOf(text) < 57,
    )
    for (let start = 0; start < within.length; start += 100) {
      const batch = within.slice(start, start + 100)
      const members = batch.map(
        ([, text], index) => `          t${index}:\n${text.replaceAll(/^(?=.)/gm, ' '.repeat(12))}`,
      )
      const head = `name: yaml-${start}\nspec:\n  trigger: {kind: rest}\n  steps:\n    - respond:\n        body:\n`
      expect(await post('', 'application/yaml', head + members.join(''))).toEqual([201, expect.anything()])
      expect(await savedBody(`yaml-${start}`)).toEqual(
        Object.fromEntries(batch.map(([, , value], index) => [`t${index}`, value])),
      )
    }
  })

  test('a refused text gets 400 over HTTP and changes nothing', async () => {
    const texts = YAML_TEXTS.refused.map(([, text]) => text)
    expect(await readable('application/yaml', texts)).toEqual([])
  })
})
