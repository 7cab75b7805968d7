//! Leaves nothing behind: whatever is started or written is registered here and goes on a drop, and
//! also on an interrupt, when no destructor runs.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::{Arc, Mutex, MutexGuard, Once, PoisonError},
};
use tokio::signal::unix::{signal, SignalKind};

/// A child that both its owner and the clean-up can reach.
pub type SharedChild = Arc<Mutex<Child>>;

#[derive(Default)]
struct Registry {
    children: BTreeMap<u32, SharedChild>,
    folders: Vec<PathBuf>,
}

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);
static WATCH: Once = Once::new();

/// Locks even after a panic in another thread: cleaning up matters most then.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn with_registry<R>(work: impl FnOnce(&mut Registry) -> R) -> R {
    work(lock(&REGISTRY).get_or_insert_with(Registry::default))
}

/// Starts a child and registers it, both at once, so that an interrupt in between cannot miss it.
pub fn spawn(command: &mut Command) -> std::io::Result<SharedChild> {
    watch_for_interrupts();
    with_registry(|registry| {
        let child = command.spawn()?;
        let id = child.id();
        let child = Arc::new(Mutex::new(child));
        registry.children.insert(id, child.clone());
        Ok(child)
    })
}

/// Kills a child, waits until it is gone, and forgets it.
pub fn end(child: &SharedChild) {
    let id = {
        let mut child = lock(child);
        // An error means that it has ended by itself.
        let _ = child.kill();
        let _ = child.wait();
        child.id()
    };
    with_registry(|registry| registry.children.remove(&id));
}

/// A folder for one run's files that is removed with all it holds, unless it is to be kept.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes a new folder among the system's temporary ones.
    pub fn new() -> std::io::Result<Self> {
        watch_for_interrupts();
        with_registry(|registry| {
            let path = tempfile::Builder::new().prefix("poq-network-").tempdir()?.keep();
            registry.folders.push(path.clone());
            Ok(Self(path))
        })
    }

    /// Keeps the folder for good.
    pub fn keep(&self) {
        with_registry(|registry| registry.folders.retain(|folder| folder != &self.0));
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let kept = with_registry(|registry| {
            let before = registry.folders.len();
            registry.folders.retain(|folder| folder != &self.0);
            registry.folders.len() == before
        });
        if !kept {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Ends all children, removes all folders, and ends the program.
///
/// It never gives the registry back: another thread that notices the end of a child, and would end
/// the program with an error before all is cleaned up, waits for the registry when it drops what it
/// owns.
fn clean_up_and_exit(code: i32) -> ! {
    let mut registry = lock(&REGISTRY);
    let Registry { children, folders } = registry.take().unwrap_or_default();
    for child in children.values() {
        let mut child = lock(child);
        let _ = child.kill();
        let _ = child.wait();
    }
    for folder in folders {
        let _ = std::fs::remove_dir_all(folder);
    }
    std::process::exit(code)
}

/// From the first call on, SIGINT and SIGTERM clean up and end the program, with the exit code that
/// shells expect.
fn watch_for_interrupts() {
    WATCH.call_once(|| {
        let watching = std::thread::Builder::new().name("clean-up".into()).spawn(|| -> std::io::Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let signal_number = runtime.block_on(async {
                let mut interrupt = signal(SignalKind::interrupt())?;
                let mut terminate = signal(SignalKind::terminate())?;
                std::io::Result::Ok(tokio::select! {
                    _ = interrupt.recv() => SignalKind::interrupt().as_raw_value(),
                    _ = terminate.recv() => SignalKind::terminate().as_raw_value(),
                })
            })?;
            eprintln!("\nInterrupted: stopping everything that was started");
            clean_up_and_exit(128 + signal_number)
        });
        if let Err(error) = watching {
            eprintln!("an interrupt will leave processes behind, as no thread can watch for it: {error}");
        }
    });
}
