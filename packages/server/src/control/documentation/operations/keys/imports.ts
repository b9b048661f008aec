import type { ResourceTexts } from '../operation-text.ts'

const path = { import: '$IMPORT_ID' }

export const IMPORTS: ResourceTexts = {
  tag: {
    name: 'Imports',
    description:
      'An import makes keys of tokens that were issued elsewhere, or of their SHA-256. It goes on after the request, and after a restart of the server.',
  },
  parameters: { import: 'The id of the import.' },
  operations: {
    importKeys: {
      description:
        'Takes a file of CSV with a header, or of NDJSON, with one key on each line: `name`, and `token` or `sha256`; if you like also `type`, `environment`, `consumer` (its name or id), `roles`, `status`, `expiresAt`, `labels` and `hint`. A token becomes its SHA-256 while it arrives, and is kept nowhere. The answer comes when the whole file has arrived; its keys are made afterwards, and a line with a problem hinders no other line. At most 3 imports of an organization are under way at a time; another one gets 409 `conflict`.',
      permissions: ['keys.create'],
      answers: { 202: 'The file has arrived; its keys are being made.' },
      example: {
        file: {
          mediaType: 'text/csv',
          text: 'name,token,environment,labels\nBilling,hk-3f1c9a7e52d84b06,test,"{""team"":""billing""}"\n',
        },
        saves: { IMPORT_ID: '.id' },
      },
    },
    listImports: {
      description:
        'Lists the imports, oldest first unless `sort` says otherwise: all of them with `keys.read` for the whole organization, otherwise your own. They are removed 90 days after their end.',
      permissions: ['keys.read'],
      example: { after: ['importKeys'] },
    },
    getImport: {
      description:
        'Answers with the progress of an import, and its problems by line: the first 1,000, and how many there are. A problem never contains a token. Your own imports need no permission to read.',
      permissions: ['keys.read'],
      example: { path },
    },
    stopImport: {
      description:
        'Stops an import. The keys that it has made stay. To stop one that has ended changes nothing and answers with a receipt.',
      permissions: ['keys.create'],
      example: { path, after: ['getImport', 'listImports'] },
    },
  },
}
