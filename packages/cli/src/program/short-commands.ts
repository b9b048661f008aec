import { DEPLOYMENT } from './deployment-columns.ts'
import type { OperationCommand } from './operation-command.ts'

/** Commands of one word, for what people do most. */
export const SHORT_COMMANDS: readonly OperationCommand[] = [
  {
    words: 'whoami',
    operation: 'whoami',
    columns: ['organization', 'key', 'permissions'],
    id: 'organization',
  },
  { words: 'deploy', operation: 'deploy', ...DEPLOYMENT },
  { words: 'promote', operation: 'promote', arguments: ['deployment'], ...DEPLOYMENT },
  { words: 'rollback', operation: 'rollback', arguments: ['deployment'], ...DEPLOYMENT },
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
