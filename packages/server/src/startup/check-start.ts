import type { Config } from '../config/config.ts'
import type { SettingProblem } from '../config/config-error.ts'
import { prepareDataFolder, type DataFiles } from './data-folder.ts'
import { CONTROL_PORT, GATEWAY_PORT, portProblems } from './ports.ts'

/**
 * Prepares the data folder and checks folder and ports, before the database is opened: a server that cannot listen must
 * not migrate the database of one that runs.
 *
 * @param hasGateway whether the server has a gateway, which listens too
 * @returns everything that keeps the server from starting
 */
export async function checkStart(
  config: Config,
  files: DataFiles,
  hasGateway: boolean,
): Promise<SettingProblem[]> {
  const isFolderUsed = config.databaseUrl === null || config.masterKey === null
  const [folder, ports] = await Promise.all([
    isFolderUsed ? prepareDataFolder(config.dataFolder, files) : null,
    portProblems([
      [config.control, CONTROL_PORT],
      ...(hasGateway ? [[config.gateway, GATEWAY_PORT] as const] : []),
    ]),
  ])
  return [...(folder === null ? [] : [{ variable: 'SALLYPORT_DATA', message: folder }]), ...ports]
}
