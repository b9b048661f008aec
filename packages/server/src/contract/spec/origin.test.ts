import { expect, test } from 'vitest'
import { originProblem } from './origin.ts'

test.each([
  'https://app.example.com',
  'http://localhost:3000',
  'https://app.example.com:8443',
  'https://127.0.0.1',
  'http://[::1]:3000',
  'https://xn--bcher-kva.example',
  'https://a_b.example',
  'chrome-extension://abcdefghijklmnop',
  'capacitor://localhost',
  'https://*.example.com',
  'http://*.app.example.com:8080',
  'http://*.localhost:3000',
])('%s is an origin that browsers send', (text) => {
  expect(originProblem(text)).toBeUndefined()
})

test.each([
  ['https://app.example.com:443', 'https://app.example.com'],
  ['https://app.example.com:0443', 'https://app.example.com'],
  ['http://app.example.com:80', 'http://app.example.com'],
  ['http://app.example.com:', 'http://app.example.com'],
  ['https://app.example.com:08443', 'https://app.example.com:8443'],
  ['https://app.example.com/', 'https://app.example.com'],
  ['HTTPS://App.Example.com', 'https://app.example.com'],
  ['https://127.1', 'https://127.0.0.1'],
  ['https://*.Example.com', 'https://*.example.com'],
  ['HTTPS://*.example.com', 'https://*.example.com'],
  ['https://*.example.com:443', 'https://*.example.com'],
  ['https://*.example.com/', 'https://*.example.com'],
  ['https://*.b\u00FCcher.example', 'https://*.xn--bcher-kva.example'],
  ['https://2130706433', 'https://127.0.0.1'],
  ['https://0x7f.0.0.1', 'https://127.0.0.1'],
  ['https://[0:0:0:0:0:0:0:1]', 'https://[::1]'],
  ['https://[::FFFF:127.0.0.1]', 'https://[::ffff:7f00:1]'],
  ['https://b\u00FCcher.example', 'https://xn--bcher-kva.example'],
  ['capacitor://localhost:080', 'capacitor://localhost:80'],
])('%s is never sent, but %s', (text, sent) => {
  expect(originProblem(text)).toBe(`Browsers send this origin as ${sent}. Use that.`)
})

test.each([
  '',
  'null',
  'app.example.com',
  'https://',
  'https://app.example.com:99999',
  'https://app.example.com/page',
  'https://app.example.com?a',
  'https://app.example.com#a',
  'https://user@app.example.com',
  'https://user:secret@app.example.com',
  'https://a b.example',
  'https://[::1',
  'https://1.2.3.4.5',
  'https://999.1.1.1',
  'file:///a',
  'wss://app.example.com',
  'data:text/html,x',
])('%j is no origin', (text) => {
  expect(originProblem(text)).toMatch(/^Use an origin such as/)
})

test.each([
  '*.example.com',
  '**',
  'https://*',
  'https://*.com',
  'https://*.com.',
  'https://*.',
  'https://*example.com',
  'https://app-*.example.com',
  'https://*.*.example.com',
  'https://a.*.example.com',
  'https://example.com*',
  'https://*.example.com:*',
  'https://*.0.0.1',
  'https://*.[::1]',
  'https://*.example.com/a*',
  'https://*.example.com@evil.example',
  'https://user@*.example.com',
  'capacitor://*.example.com',
  '*://*.example.com',
])('%j is no pattern of origins', (text) => {
  expect(originProblem(text)).toMatch(/^Use /)
})
