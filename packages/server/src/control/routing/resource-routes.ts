import type { FastifyReply, FastifyRequest, FastifySchema, FastifyTypeProviderDefault } from 'fastify'
import { z } from 'zod'
import type { OperationContext } from '../../app/access/context.ts'
import { countedPageOf, pageOf, pageQuery } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/receipt.ts'
import type { CountedPage, Page } from '../../store/port/pages/paging.ts'
import type { ControlApp } from './control-app.ts'
import { createCursors } from './cursors.ts'
import type { ControlDeps } from './dependencies.ts'
import type { Operations, Outcome } from './operations.ts'
import { pathParameters, type PathInput } from './path-parameters.ts'
import type { Preconditions } from './preconditions.ts'
import type { RouteAccess } from './route-access.ts'
import { documented, documentedCreation, type Security } from './route-schema.ts'

/** What a file of `routes/` needs to add its routes. */
export interface ControlApi {
  readonly app: ControlApp
  readonly operations: Operations
  readonly preconditions: Preconditions
  readonly deps: ControlDeps
}

/** The path of a route, and its entry in the documentation. */
interface Route<Path extends string> {
  readonly path: Path
  readonly operationId: string
  readonly summary: string
}

/** A route that changes something: what it demands before its body is read. */
interface ChangingRoute<Path extends string> extends Route<Path> {
  readonly access: RouteAccess
}

type Operate<Input, Result> = (context: OperationContext, input: Input) => Promise<Result>

/** Other forms of a list, which a caller asks for with `Accept`. */
interface OtherForms<Input> {
  readonly mediaTypes: readonly string[]
  /** Answers with one of them; undefined for a caller that asks for JSON. */
  answer(
    request: FastifyRequest,
    reply: FastifyReply,
    context: OperationContext,
    input: Input,
  ): Promise<FastifyReply | undefined>
}

/** A list, with the schema of its answer. */
interface ListRoute extends Route<string> {
  readonly query?: ObjectSchema | undefined
  readonly answer: unknown
  readonly otherForms?: OtherForms<never> | undefined
}

/** An object schema, or a schema that is parsed into an object. */
type ObjectSchema = z.ZodType<object>

/**
 * The routes of a resource. Each parses the request, runs one operation and maps its result. The input of the operation
 * has the path parameters and the fields of the query and the body.
 */
export interface ResourceRoutes {
  /** GET of a page; the default query has `limit` and `cursor`. `atMs` is the time of the response. */
  list<Path extends string, Item extends z.ZodType, Row, Query extends ObjectSchema = typeof pageQuery>(
    route: Route<Path> & {
      readonly query?: Query
      readonly item: Item
      readonly otherForms?: OtherForms<PathInput<Path> & z.output<Query>>
    },
    operate: Operate<PathInput<Path> & z.output<Query>, Page<Row>>,
    itemOf: (row: Row, atMs: number) => z.input<Item>,
  ): void
  /** The same for a list that counts its items. */
  countedList<
    Path extends string,
    Item extends z.ZodType,
    Row,
    Query extends ObjectSchema = typeof pageQuery,
  >(
    route: Route<Path> & { readonly query?: Query; readonly item: Item },
    operate: Operate<PathInput<Path> & z.output<Query>, CountedPage<Row>>,
    itemOf: (row: Row, atMs: number) => z.input<Item>,
  ): void
  /** The same for a list whose answer has `more` beside its items. */
  partialList<
    Path extends string,
    Item extends z.ZodType,
    Row,
    Listed extends Page<Row>,
    Query extends ObjectSchema = typeof pageQuery,
  >(
    route: Route<Path> & { readonly query?: Query; readonly item: Item; readonly answer: z.ZodType },
    operate: Operate<PathInput<Path> & z.output<Query>, Listed>,
    itemOf: (row: Row, atMs: number) => z.input<Item>,
    more: (page: Listed) => object,
  ): void
  /**
   * GET of one resource, with its entity tag, which the routes that change it compare.
   *
   * @param route its `observed` are the names of members that change without a change of the resource; `unseen` is what
   *   tells two states apart that have the same answer
   */
  read<Path extends string, Answer extends z.ZodType, Row>(
    route: Route<Path> & {
      readonly answer: Answer
      readonly observed?: readonly string[]
      readonly unseen?: (row: Row) => unknown
    },
    operate: Operate<PathInput<Path>, Row>,
    answerOf: (row: Row, atMs: number) => z.input<Answer>,
  ): void
  /** POST that creates a resource once per `Idempotency-Key`; responds 201. */
  create<Path extends string, Body extends ObjectSchema, Answer extends z.ZodType, Result>(
    route: ChangingRoute<Path> & { readonly body: Body; readonly answer: Answer },
    operate: Operate<PathInput<Path> & z.output<Body>, Result>,
    answerOf: (outcome: Outcome<Result>) => z.input<Answer>,
  ): void
  /** PATCH that changes a resource and waits for the gateways; the receipt is added to the response. */
  change<
    Path extends string,
    Body extends ObjectSchema,
    Answer extends z.ZodType,
    Result extends { readonly revision: number },
  >(
    route: ChangingRoute<Path> & { readonly body: Body; readonly answer: Answer },
    operate: Operate<PathInput<Path> & z.output<Body>, Result>,
    answerOf: (result: Result, atMs: number) => Omit<z.input<Answer>, 'receipt'>,
  ): void
  /**
   * PUT that creates or replaces a named resource and waits for the gateways; responds 201 if it is new, else 200. The
   * receipt is added to the response.
   *
   * @param route its `params` parse the path parameters, because a new name must be valid
   */
  put<
    Path extends string,
    Params extends ObjectSchema,
    Body extends ObjectSchema,
    Answer extends z.ZodType,
    Result extends { readonly revision: number; readonly isNew: boolean },
  >(
    route: ChangingRoute<Path> & { readonly params: Params; readonly body: Body; readonly answer: Answer },
    operate: Operate<z.output<Params> & z.output<Body>, Result>,
    answerOf: (result: Result, atMs: number) => Omit<z.input<Answer>, 'receipt'>,
  ): void
  /** PUT of a setting, which always has a value; otherwise like `change`. */
  readonly set: ResourceRoutes['change']
  /** DELETE that removes a resource and waits for the gateways; responds with the receipt. */
  remove<Path extends string>(
    route: ChangingRoute<Path>,
    operate: Operate<PathInput<Path>, { readonly revision: number }>,
  ): void
}

/**
 * Makes the route functions of one resource.
 *
 * @param tag the name of its group in the document
 * @param security the credentials of its callers in the document; those of most routes unless given
 */
export function resourceRoutes(
  { app: keyed, operations, preconditions, deps }: ControlApi,
  tag: string,
  security?: Security,
): ResourceRoutes {
  const credentials = security === undefined ? {} : { security }
  // Fastify cannot infer the parts of a request from generic schemas; `run` and `waitOf` state their types instead.
  const app = keyed.withTypeProvider<FastifyTypeProviderDefault>()
  const cursors = createCursors(deps.sealer)

  /** A change of something that exists, by either method. */
  function changeBy(method: 'PATCH' | 'PUT'): ResourceRoutes['change'] {
    return ({ path, operationId, summary, access, body, answer }, operate, answerOf) => {
      const schema: FastifySchema = {
        ...documented(tag, operationId, summary),
        ...credentials,
        ...preconditions.headersOf(path),
        params: pathParameters(path),
        querystring: waitQuery,
        body,
        response: { 200: answer },
      }
      app.route({
        method,
        url: path,
        schema,
        config: { access },
        async handler(request) {
          const { result, receipt } = await operations.change(request, waitOf(request), (context) =>
            run(operate, context, request.body, request.params),
          )
          return { ...answerOf(result, deps.nowMs()), receipt }
        },
      })
    }
  }

  /** A list, whose answer has `more` beside its items. */
  function addList<Row, Listed extends Page<Row>>(
    { path, operationId, summary, query, answer, otherForms }: ListRoute,
    operate: Operate<never, Listed>,
    itemOf: (row: Row, atMs: number) => unknown,
    more: (page: Listed) => object,
  ): void {
    const schema: FastifySchema = {
      ...documented(tag, operationId, summary),
      ...credentials,
      params: pathParameters(path),
      querystring: query ?? pageQuery,
      response: { 200: answer },
    }
    app.get(path, { schema }, async (request, reply) => {
      const context = operations.contextOf(request)
      if (otherForms !== undefined) {
        void reply.header('vary', 'accept')
        const answered = await run<never, FastifyReply | undefined>(
          (own, input) => otherForms.answer(request, reply, own, input),
          context,
          request.query,
          request.params,
        )
        if (answered !== undefined) return answered
      }
      const { limit, cursor, ...filter } = request.query as z.output<typeof pageQuery>
      const identity = { operationId, actor: context.actor.id, parameters: request.params, filter }
      const page = { limit, cursor: cursors.open(identity, cursor) }
      const found = await run(operate, context, filter, page, request.params)
      const atMs = deps.nowMs()
      return {
        items: found.items.map((row) => itemOf(row, atMs)),
        next: cursors.seal(identity, found.next),
        ...more(found),
      }
    })
  }

  return {
    list({ item, ...route }, operate, itemOf) {
      const { otherForms } = route
      const answer = otherForms === undefined ? pageOf(item) : formsOf(item, otherForms.mediaTypes)
      addList({ ...route, answer }, operate, itemOf, () => ({}))
    },

    countedList({ item, ...route }, operate, itemOf) {
      addList({ ...route, answer: countedPageOf(item) }, operate, itemOf, ({ total, isTotalExact }) => ({
        total,
        totalIsExact: isTotalExact,
      }))
    },

    partialList(route, operate, itemOf, more) {
      addList(route, operate, itemOf, more)
    },

    read({ path, operationId, summary, answer, observed = [], unseen }, operate, answerOf) {
      const schema: FastifySchema = {
        ...documented(tag, operationId, summary),
        ...credentials,
        params: pathParameters(path),
        response: { 200: answer },
      }
      const read = async (context: OperationContext, parameters: unknown) => {
        const row = await run(operate, context, parameters)
        const shown = answerOf(row, deps.nowMs())
        return { shown, state: [shown, unseen?.(row)] }
      }
      preconditions.add(path, async (...of) => (await read(...of)).state, observed)
      app.get(path, { schema }, async (request, reply) => {
        const { shown, state } = await read(operations.contextOf(request), request.params)
        if (!preconditions.answer(request, reply, state)) return shown
        return await reply.code(304).send()
      })
    },

    create({ path, operationId, summary, access, body, answer }, operate, answerOf) {
      const schema: FastifySchema = {
        ...documentedCreation(tag, operationId, summary),
        ...credentials,
        params: pathParameters(path),
        body,
        response: { 201: answer },
      }
      app.post(path, { schema, config: { access } }, async (request, reply) => {
        const outcome = await operations.create(request, reply, (context) =>
          run(operate, context, request.body, request.params),
        )
        return answerOf(outcome)
      })
    },

    change: changeBy('PATCH'),
    set: changeBy('PUT'),

    put({ path, operationId, summary, access, params, body, answer }, operate, answerOf) {
      const schema: FastifySchema = {
        ...documented(tag, operationId, summary),
        ...credentials,
        ...preconditions.headersOf(path),
        params,
        querystring: waitQuery,
        body,
        response: { 200: answer, 201: answer },
      }
      app.put(path, { schema, config: { access } }, async (request, reply) => {
        const { result, receipt } = await operations.change(request, waitOf(request), (context) =>
          run(operate, context, request.body, request.params),
        )
        void reply.code(result.isNew ? 201 : 200)
        return { ...answerOf(result, deps.nowMs()), receipt }
      })
    },

    remove({ path, operationId, summary, access }, operate) {
      const schema: FastifySchema = {
        ...documented(tag, operationId, summary),
        ...credentials,
        ...preconditions.headersOf(path),
        params: pathParameters(path),
        querystring: waitQuery,
        response: { 200: removedAnswer },
      }
      app.delete(path, { schema, config: { access } }, async (request) => {
        const { receipt } = await operations.change(request, waitOf(request), (context) =>
          run(operate, context, request.params),
        )
        return { receipt }
      })
    },
  }
}

/** The schema of a list that has other forms. */
function formsOf(item: z.ZodType, mediaTypes: readonly string[]) {
  return {
    description: 'A page of the list, or the whole list in another form.',
    content: {
      'application/json': { schema: pageOf(item) },
      ...Object.fromEntries(mediaTypes.map((type) => [type, { schema: z.string() }])),
    },
  }
}

/**
 * Runs an operation with parts of a request; later parts take precedence. Fastify has parsed these parts with the
 * schemas of the route, which the types of `ResourceRoutes` connect to `Input`. A part without a schema is unchecked
 * and must not be passed.
 */
async function run<Input, Result>(
  operate: Operate<Input, Result>,
  context: OperationContext,
  ...parts: readonly unknown[]
): Promise<Result> {
  return await operate(context, Object.assign({}, ...parts) as Input)
}

function waitOf({ query }: Pick<FastifyRequest, 'query'>): number {
  return (query as z.output<typeof waitQuery>).wait
}
