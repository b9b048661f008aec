import { getRotation } from '../../../app/rotations/reading.ts'
import { removeRotation } from '../../../app/rotations/remove-rotation.ts'
import { setRotation } from '../../../app/rotations/set-rotation.ts'
import { rotationSet } from '../../../contract/keys.ts'
import { rotation, rotationSetting } from '../../../contract/keys/rotations.ts'
import { rotationAnswer } from '../../answers/rotation-answer.ts'
import { pathParameters } from '../../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'

const path = '/v1/organizations/:organization/keys/:key/rotation'
const access = { permission: 'keys.roll', on: 'key' } as const

export function rotationRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Keys')

  routes.read(
    {
      path,
      operationId: 'getRotation',
      summary: 'Read how a key rolls on a schedule',
      observed: ['state', 'nextRotationAt', 'lastRotatedAt', 'problem'],
      answer: rotation,
    },
    getRotation,
    rotationAnswer,
  )

  routes.put(
    {
      path,
      operationId: 'setRotation',
      access,
      summary: 'Have a key rolled on a schedule',
      params: pathParameters(path),
      body: rotationSetting,
      answer: rotationSet,
    },
    setRotation,
    (result) => ({ rotation: rotationAnswer(result.rotation) }),
  )

  routes.remove(
    { path, operationId: 'removeRotation', access, summary: 'End the rolls of a key on a schedule' },
    removeRotation,
  )
}
