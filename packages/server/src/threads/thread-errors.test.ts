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

test('causes keep their members too, and what cannot be copied is left out', () => {
  const socket = { write: () => undefined }
  const driver = Object.assign(new Error('no connection left'), {
    code: '53300',
    socket,
    retry: () => undefined,
  })
  const received = across(
    new Problem('unavailable', { cause: new Error('not connected', { cause: driver }) }),
  )
  expect(received).toMatchObject({ code: 'unavailable' })
  const cause = received.cause as Error
  expect(cause).toMatchObject({ message: 'not connected' })
  expect(cause.cause).toMatchObject({ message: 'no connection left', code: '53300' })
  expect(cause.cause).not.toHaveProperty('socket')
  expect(cause.cause).not.toHaveProperty('retry')
})

test('an error that is its own cause ends somewhere', () => {
  const error = new Error('again')
  error.cause = error
  expect(across(error).message).toBe('again')
})

test('an error keeps its name, by which the log names it', () => {
  expect(across(new TypeError('wrong')).name).toBe('TypeError')
  expect(Object.keys(across(new Error('plain')))).toEqual(Object.keys(new Error('plain')))
})

test('anything else that was thrown becomes an error', () => {
  expect(across('text').message).toBe('text')
  expect(across(undefined).message).toBe('undefined')
})
