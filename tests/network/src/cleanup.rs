//! Leaves nothing behind: whatever is started or written is registered here and goes on a drop, and also on an
//! interrupt, when no destructor runs.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Child,
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

/// Registers a child and takes it over.
pub fn adopt(child: Child) -> SharedChild {
    watch_for_interrupts();
    let id = child.id();
    let child = Arc::new(Mutex::new(child));
    with_registry(|registry| registry.children.insert(id, child.clone()));
    child
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

/// A folder for one run's files that is removed with all it holds.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes a new folder among the system's temporary ones.
    pub fn new() -> std::io::Result<Self> {
        watch_for_interrupts();
        let path = tempfile::Builder::new().prefix("poq-network-").tempdir()?.keep();
        with_registry(|registry| registry.folders.push(path.clone()));
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
        with_registry(|registry| registry.folders.retain(|folder| folder != &self.0));
    }
}

/// Ends all children and removes all folders.
fn clean_up() {
    let (children, folders) =
        with_registry(|registry| (std::mem::take(&mut registry.children), std::mem::take(&mut registry.folders)));
    for child in children.values() {
        let mut child = lock(child);
        let _ = child.kill();
        let _ = child.wait();
    }
    for folder in folders {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// From the first call on, SIGINT and SIGTERM clean up and end the program, with the exit code that shells expect.
fn watch_for_interrupts() {
    WATCH.call_once(|| {
        let watching = std::thread::Builder::new().name("clean-up".into()).spawn(|| {
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
            clean_up();
            std::process::exit(128 + signal_number);
            #[allow(unreachable_code)]
            std::io::Result::Ok(())
        });
        if let Err(error) = watching {
            eprintln!("an interrupt will leave processes behind, as no thread can watch for it: {error}");
        }
    });
}
