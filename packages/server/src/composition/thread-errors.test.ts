import { Problem } from '@sallyport/core'
import { expect, test } from 'vitest'
import { receivedError, sentError } from './thread-errors.ts'

/** What the other thread receives. */
function across(error: unknown): Error {
  return receivedError(structuredClone(sentError(error)))
}

test('a problem keeps its code, its texts and its cause', () => {
  const problem = new Problem('invalid_request', {
    detail: 'Correct the path.',
    extensions: { errors: [{ path: '/path', message: 'wrong' }] },
    cause: new Error('the cause'),
  })
  const received = across(problem)
  expect(received).toBeInstanceOf(Problem)
  expect(received).toMatchObject({
    code: 'invalid_request',
    status: 400,
    detail: 'Correct the path.',
    extensions: { errors: [{ path: '/path', message: 'wrong' }] },
  })
  expect(received.cause).toEqual(new Error('the cause'))
})

test('a system error keeps its members, and an error its message and stack', () => {
  const error = Object.assign(new Error('in use'), { code: 'EADDRINUSE', syscall: 'listen', port: 8080 })
  const received = across(error)
  expect(received).toMatchObject({ code: 'EADDRINUSE', syscall: 'listen', port: 8080, message: 'in use' })
  expect(received.stack).toBe(error.stack)
})

test('anything else that was thrown becomes an error', () => {
  expect(across('text').message).toBe('text')
  expect(across(undefined).message).toBe('undefined')
})
