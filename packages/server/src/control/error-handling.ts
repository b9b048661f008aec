import { Problem } from '@sallyport/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import findMyWay, { type HTTPMethod } from 'find-my-way'
import type { ControlApp } from './routing/control-app.ts'
import { answerOf, problemOf } from './problem-answer.ts'

const METHODS: readonly HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Responds with a problem; server errors are logged with their cause. @returns the problem */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): Problem {
  const problem = problemOf(error)
  request.problemCode = problem.code
  if (problem.status >= 500) request.log.error({ err: problem }, 'a request failed')
  const { status, headers, body } = answerOf(problem, request.headers.authorization !== undefined)
  // Fastify's own router errors occur before every hook, so the id is set here too.
  void reply.code(status).header('x-request-id', request.id).headers(headers).send(body)
  return problem
}

/**
 * Makes the app respond with a problem to every error and every unknown route.
 *
 * @param onRefused called with each problem that was sent
 * @returns the problem of a request to an unknown route
 */
export function handleErrors(
  app: ControlApp,
  onRefused: (request: FastifyRequest, problem: Problem) => void,
): (request: FastifyRequest) => Problem {
  const methodsOf = allowedMethods(app)
  const unknownRoute = ({ method, url }: FastifyRequest): Problem => {
    const allow = methodsOf(url.split('?', 1)[0] ?? '/')
    // A route of many files is asked for one that it does not have.
    return allow.length === 0 || allow.includes(method)
      ? new Problem('not_found', { detail: 'There is no route at this path. See /docs for all routes.' })
      : new Problem('method_not_allowed', { extensions: { allow } })
  }
  app.setErrorHandler((error, request, reply) => {
    onRefused(request, sendProblem(error, request, reply))
  })
  app.setNotFoundHandler((request, reply) => {
    sendProblem(unknownRoute(request), request, reply)
  })
  return unknownRoute
}

/**
 * Records the routes that are added to an app from now on.
 *
 * @returns the methods of a path; none for an unknown path
 */
function allowedMethods(app: ControlApp): (path: string) => readonly string[] {
  const router = findMyWay()
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of Array.isArray(method) ? method : [method]) {
      const known = METHODS.find((candidate) => candidate === one)
      if (known !== undefined && !router.hasRoute(known, url)) router.on(known, url, () => {})
    }
  })
  return (path) => METHODS.filter((method) => router.find(method, path) !== null)
}
