import { createKey } from '../../app/keys/create-key.ts'
import { deleteKey } from '../../app/keys/delete-key.ts'
import { getKey } from '../../app/keys/get-key.ts'
import { listKeys } from '../../app/keys/list-keys.ts'
import { updateKey } from '../../app/keys/update-key.ts'
import { keyChange, keyChanged, keyCreated, keyCreation, keyFilter, keyRead } from '../../contract/keys.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { keyAnswer, keyReadAnswer } from '../answers/key-answer.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/keys'
const one = `${all}/:key`
const params = pathParameters('org', 'key')

export function keyRoutes(app: ControlApp, operations: Operations, nowMs: () => number): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Keys', 'listKeys', 'List the keys'),
        params: pathParameters('org'),
        querystring: keyFilter,
        response: { 200: pageOf(keyRead) },
      },
    },
    async (request) => {
      const page = await listKeys(operations.reading(request), {
        organization: request.params.org,
        ...request.query,
      })
      const atMs = nowMs()
      return pageAnswer(page, (row) => keyReadAnswer(row, atMs))
    },
  )

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Keys', 'createKey', 'Make a key'),
        params: pathParameters('org'),
        body: keyCreation,
        response: { 201: keyCreated },
      },
    },
    async (request, reply) => {
      const { expiresAt, ...fields } = request.body
      const { made, atMs } = await operations.create(request, reply, (context) =>
        createKey(context, { organization: request.params.org, ...fields, expiresAtMs: expiresAt }),
      )
      return { key: keyAnswer(made.key, atMs), token: made.token }
    },
  )

  app.get(
    one,
    {
      schema: {
        ...documented('Keys', 'getKey', 'Read a key'),
        params,
        response: { 200: keyRead },
      },
    },
    async (request) =>
      keyReadAnswer(
        await getKey(operations.reading(request), {
          organization: request.params.org,
          key: request.params.key,
        }),
        nowMs(),
      ),
  )

  app.patch(
    one,
    {
      schema: {
        ...documented('Keys', 'updateKey', 'Change a key, or switch it off or on'),
        params,
        querystring: waitQuery,
        body: keyChange,
        response: { 200: keyChanged },
      },
    },
    async (request) => {
      const { status, expiresAt, ...fields } = request.body
      const { changed, receipt } = await operations.change(request, request.query.wait, (context) =>
        updateKey(context, {
          organization: request.params.org,
          key: request.params.key,
          ...fields,
          active: status === undefined ? undefined : status === 'active',
          expiresAtMs: expiresAt,
        }),
      )
      return { key: keyAnswer(changed.key, nowMs()), receipt }
    },
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Keys', 'deleteKey', 'Delete a key for good'),
        params,
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        deleteKey(context, { organization: request.params.org, key: request.params.key }),
      )
      return { receipt }
    },
  )
}
