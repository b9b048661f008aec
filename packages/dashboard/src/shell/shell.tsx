import { Outlet } from '@tanstack/react-router'
import { t } from '../texts/texts.ts'
import { LostConnection } from './lost-connection.tsx'
import { Navigation } from './navigation.tsx'
import classes from './shell.module.css'
import { Shortcuts, useTools } from './shortcuts.tsx'
import { TopBar } from './top-bar.tsx'

/** The frame around every page of an organization. */
export function Shell() {
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
          <LostConnection />
          <Outlet />
        </div>
      </div>
      <Shortcuts open={tool} onOpen={setTool} />
    </>
  )
}
