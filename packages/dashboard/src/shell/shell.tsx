import { Outlet } from '@tanstack/react-router'
import { timeOfDay } from '../format/times.ts'
import { useLostAt } from '../data/connection.ts'
import { Note } from '../parts/note.tsx'
import { t } from '../texts/texts.ts'
import { Navigation } from './navigation.tsx'
import classes from './shell.module.css'
import { Shortcuts, useTools } from './shortcuts.tsx'
import { TopBar } from './top-bar.tsx'

/** The frame around every page of an organization. */
export function Shell() {
  const lostAtMs = useLostAt()
  const [tool, setTool] = useTools()
  return (
    <>
      <a className={classes.skip} href="#work">
        {t.shell.skip}
      </a>
      <div className={classes.frame}>
        <div className={classes.side}>
          <Navigation />
        </div>
        <div className={classes.main}>
          <TopBar onFind={() => setTool('palette')} />
          {lostAtMs !== null && (
            <div className={classes.lost}>
              <Note tone="warn" role="alert" title={t.shell.lost(timeOfDay(lostAtMs))} />
            </div>
          )}
          <Outlet />
        </div>
      </div>
      <Shortcuts open={tool} onOpen={setTool} />
    </>
  )
}
