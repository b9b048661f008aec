import { describe, expect, test } from 'vitest'
import { callLines, curlWith, placesOf, variablesOf } from './call-lines.ts'

const url = 'https://api.example.com/orders/:id'
const KEY = { apiKey: true, jwt: false, basic: false }
const ALL = { apiKey: true, jwt: true, basic: true }
const NOTHING = { apiKey: false, jwt: false, basic: false }
const reads = { url, methods: ['POST', 'GET'], authentication: KEY }
const writes = { url, methods: ['PUT'], authentication: KEY }

describe('a call with curl', () => {
  test('is a GET if the pipeline takes it, with the key of a variable', () => {
    expect(callLines('curl', reads)).toBe(`curl '${url}' \\\n  -H "x-api-key: $API_KEY"`)
  })

  test('sends JSON with a method that has a body', () => {
    expect(callLines('curl', writes).split(' \\\n  ')).toEqual([
      `curl -X PUT '${url}'`,
      '-H "x-api-key: $API_KEY"',
      `-H 'content-type: application/json' -d '{}'`,
    ])
  })

  test('has the JWT in another header beside Basic', () => {
    expect(callLines('curl', { ...reads, authentication: ALL })).toContain(
      '-u "$API_USERNAME:$API_PASSWORD" \\\n  -H "x-access-token: $API_JWT"',
    )
    expect(callLines('curl', { ...reads, authentication: { ...KEY, jwt: true } })).toContain(
      '-H "authorization: Bearer $API_JWT"',
    )
  })

  test('cannot end the word of the shell with its address, and can have a token in it', () => {
    expect(curlWith({ ...reads, url: "https://a.example/'$(id)" }, 'sp_sk_1')).toBe(
      `curl 'https://a.example/'\\''$(id)' \\\n  -H "x-api-key: sp_sk_1"`,
    )
  })
})

test('a call with JavaScript has every credential and a body', () => {
  expect(callLines('javascript', { ...writes, authentication: ALL })).toBe(
    [
      `const response = await fetch("${url}", {`,
      '  method: "PUT",',
      '  headers: {',
      '    "x-api-key": process.env.API_KEY,',
      '    authorization: "Basic " + btoa(`${process.env.API_USERNAME}:${process.env.API_PASSWORD}`),',
      '    "x-access-token": process.env.API_JWT,',
      '    "content-type": "application/json",',
      '  },',
      '  body: JSON.stringify({}),',
      '})',
      'console.log(response.status, await response.text())',
    ].join('\n'),
  )
})

test('a call with Python has every credential and a body', () => {
  expect(callLines('python', { ...writes, authentication: ALL })).toBe(
    [
      'import base64',
      'import os',
      'import urllib.request',
      '',
      'request = urllib.request.Request(',
      `    "${url}",`,
      '    method="PUT",',
      '    headers={',
      '        "x-api-key": os.environ["API_KEY"],',
      '        "authorization": "Basic " + base64.b64encode((os.environ["API_USERNAME"] + ":" + os.environ["API_PASSWORD"]).encode()).decode(),',
      '        "x-access-token": os.environ["API_JWT"],',
      '        "content-type": "application/json",',
      '    },',
      '    data=b"{}",',
      ')',
      'with urllib.request.urlopen(request) as response:',
      '    print(response.status, response.read().decode())',
    ].join('\n'),
  )
})

test('a JWT alone is a bearer token in every language', () => {
  const called = { ...reads, authentication: { ...NOTHING, jwt: true } }
  expect(callLines('javascript', called)).toContain('"authorization": "Bearer " + process.env.API_JWT,')
  expect(callLines('python', called)).toContain('"authorization": "Bearer " + os.environ["API_JWT"],')
})

test('a pipeline without credentials needs no variable', () => {
  expect(variablesOf({ ...reads, authentication: NOTHING })).toEqual([])
  expect(variablesOf({ ...reads, authentication: ALL })).toEqual([
    'API_KEY',
    'API_USERNAME',
    'API_PASSWORD',
    'API_JWT',
  ])
})

test('the places of a path are its parameters and its rest, and nothing of the address before it', () => {
  expect(placesOf({ ...reads, url: 'https://a.example:8080/:shop/orders/*' })).toEqual([':shop', '*'])
  expect(placesOf({ ...reads, url: 'https://a.example:8080/orders' })).toEqual([])
})
