import type { OperationCommand } from './operation-command.ts'

const DEPLOYMENT = ['id', 'pipeline', 'version', 'environment', 'url', 'warnings', 'createdAt'] as const

/** Commands of one word, for what people do most. */
export const SHORT_COMMANDS: readonly OperationCommand[] = [
  {
    words: 'whoami',
    operation: 'whoami',
    columns: ['organization', 'key', 'permissions'],
    id: 'organization',
  },
  { words: 'deploy', operation: 'deploy', columns: DEPLOYMENT, id: 'id' },
  { words: 'promote', operation: 'promote', arguments: ['deployment'], columns: DEPLOYMENT, id: 'id' },
  { words: 'rollback', operation: 'rollback', arguments: ['deployment'], columns: DEPLOYMENT, id: 'id' },
  {
    words: 'verify',
    operation: 'verify',
    columns: ['valid', 'code', 'missing', 'key', 'consumer', 'roles'],
    hidden: 'token',
    id: 'code',
  },
  { words: 'evaluate', operation: 'evaluateExpressions', columns: ['results', 'failure'], id: 'results' },
  {
    words: 'usage',
    operation: 'readUsage',
    columns: ['group', 'at', 'requests', 'allowed', 'refused'],
    id: 'group',
  },
  {
    words: 'requests',
    operation: 'listRequests',
    columns: ['at', 'requestId', 'method', 'pipeline', 'environment', 'status', 'code', 'durationMs'],
    id: 'requestId',
  },
]
