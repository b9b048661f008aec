import { z } from 'zod'
import { getImport, listImports } from '../../../app/imports/reading.ts'
import { RECEIVING_MS_MAX } from '../../../app/imports/import-bounds.ts'
import { forgetImport, receiveImport, startImport } from '../../../app/imports/receive-import.ts'
import { stopImport } from '../../../app/imports/stop-import.ts'
import { importsQuery, keyImport, listedImport } from '../../../contract/keys/imports.ts'
import type { ImportRow, ListedImport } from '../../../store/port/keys/imports.ts'
import { timestampAnswer, timestampAnswerOrNull } from '../../answers/timestamp.ts'
import { IMPORT_MEDIA_TYPES, importBody } from '../../import-files/import-body.ts'
import { IMPORT_BYTES_MAX } from '../../import-files/received-bytes.ts'
import type { ControlApp } from '../../routing/control-app.ts'
import { pathParameters } from '../../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'
import { documentedCreation } from '../../routing/route-schema.ts'

const TAG = 'Imports'
const all = '/v1/organizations/:organization/imports'
const one = `${all}/:import` as const

function importAnswer(row: ImportRow) {
  return { ...listedAnswer(row), problems: row.problems.map(({ line, message }) => ({ line, message })) }
}

function listedAnswer(row: ListedImport) {
  return {
    id: row.id,
    state: row.state,
    lines: row.lineCount,
    read: row.read,
    made: row.made,
    problemCount: row.problemCount,
    createdAt: timestampAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    endedAt: timestampAnswerOrNull(row.endedAtMs),
  }
}

export function importRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, TAG)

  routes.list(
    {
      path: all,
      operationId: 'listImports',
      summary: 'List the imports',
      query: importsQuery,
      item: listedImport,
    },
    listImports,
    listedAnswer,
  )

  routes.read(
    {
      path: one,
      operationId: 'getImport',
      summary: 'Read an import',
      observed: ['state', 'lines', 'read', 'made', 'problems', 'problemCount', 'endedAt'],
      answer: keyImport,
    },
    getImport,
    importAnswer,
  )

  routes.remove(
    {
      path: one,
      operationId: 'stopImport',
      access: { permission: 'keys.create', on: 'import' },
      summary: 'Stop an import',
    },
    stopImport,
  )

  void api.app.register(async (own: ControlApp) => {
    addStart({ ...api, app: own })
    await Promise.resolve()
  })
}

/** The one route whose body is read while it arrives, with parsers of its own. */
function addStart({ app, operations }: ControlApi): void {
  app.removeAllContentTypeParsers()
  // Every type, because `importBody` says which ones a file can have.
  app.addContentTypeParser('*', (_request, body, done) => done(null, body))
  app.post(
    all,
    {
      config: { access: { permission: 'keys.create' }, streamsBody: true, bodyDeadlineMs: RECEIVING_MS_MAX },
      bodyLimit: IMPORT_BYTES_MAX,
      schema: {
        ...documentedCreation(TAG, 'importKeys', 'Import keys that were issued elsewhere'),
        params: pathParameters(all),
        consumes: IMPORT_MEDIA_TYPES,
        body: FILE,
        response: { 202: keyImport },
      },
    },
    async (request, reply) => {
      const { organization } = request.params as { readonly organization: string }
      const body = importBody(request)
      const context = operations.contextOf(request)
      // What arrived is removed even if the key that sent it is deleted meanwhile.
      const followUp = operations.followUpContextOf(request)
      const received = await receiveImport(context, { organization, lines: body.lines, followUp })
      request.sentBody = body.digest()
      let started: ImportRow | undefined
      try {
        const { result } = await operations.create(
          request,
          reply,
          async (own) => await startImport(own, received),
        )
        started = result
      } finally {
        // A repeated request gets the first import, and one that is refused gets none.
        if (started?.id !== received.import) await forgetImport(followUp, received)
      }
      void reply.code(202)
      return importAnswer(started)
    },
  )
}

/** Checked while it arrives, not as a whole. */
const FILE = z
  .unknown()
  .meta({ type: 'string', description: 'The file, in UTF-8. The first line of CSV names the columns.' })
