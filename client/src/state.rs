//! Reads the pallet's state at one block.
//!
//! [`Chain::best`], [`Chain::finalized`] and [`Chain::at`] give a [`State`] to ask. The short forms
//! on [`Chain`] read at the best block.

use crate::{
    chain::{BlockRef, Chain, Config},
    error::ClientError,
    protocol::{
        AccountId, Balance, Event, FullAnswer, Hold, Ledger, OpenWork, Outcome, Parameters, Participant, Reputation,
        Role, RuntimeEvent, Seat, Task, TaskId, PALLET,
    },
};
use codec::{Decode, Encode};
use subxt::{
    dynamic::{self, Value},
    events::Event as RawEvent,
    ext::{
        frame_decode::{
            storage::IntoDecodableValues,
            view_functions::{decode_view_function_response, IntoEncodableValues},
        },
        scale_decode::DecodeAsType,
        scale_value::{Composite, ValueDef},
    },
    OnlineClientAtBlock,
};

/// The length of a view function's id.
const QUERY_ID_LEN: usize = 32;

/// Why the runtime could not answer a view function.
#[derive(Debug, Decode)]
enum ViewFailure {
    NotImplemented,
    NotFound(#[allow(dead_code)] [u8; QUERY_ID_LEN]),
    Codec,
}

/// The chain's state at one block.
#[derive(Clone)]
pub struct State {
    pub(crate) chain: Chain,
    /// The block.
    pub block: BlockRef,
    pub(crate) at: OnlineClientAtBlock<Config>,
}

impl Chain {
    /// The state at the best block.
    pub async fn best(&self) -> Result<State, ClientError> {
        self.at(self.best_block().await?).await
    }

    /// The state at the finalized block.
    pub async fn finalized(&self) -> Result<State, ClientError> {
        self.at(self.finalized_block().await?).await
    }

    /// The state at a block.
    pub async fn at(&self, block: BlockRef) -> Result<State, ClientError> {
        Ok(State { chain: self.clone(), block, at: self.client_at(block).await? })
    }

    /// A task, at the best block.
    pub async fn task(&self, task: TaskId) -> Result<Option<Task>, ClientError> {
        self.best().await?.task(task).await
    }

    /// A task's prompt, at the best block.
    pub async fn prompt(&self, task: TaskId) -> Result<Option<Vec<u8>>, ClientError> {
        self.best().await?.prompt(task).await
    }

    /// A task's answers with their texts, at the best block.
    pub async fn answers(&self, task: TaskId) -> Result<Vec<FullAnswer>, ClientError> {
        self.best().await?.answers(task).await
    }

    /// How a task came out, at the best block; `None` while it has not ended.
    pub async fn outcome(&self, task: TaskId) -> Result<Option<Outcome>, ClientError> {
        self.best().await?.outcome(task).await
    }

    /// How a task came out, at the finalized block: no reorganisation changes this any more.
    pub async fn finalized_outcome(&self, task: TaskId) -> Result<Option<Outcome>, ClientError> {
        self.finalized().await?.outcome(task).await
    }

    /// What an account has to do, at the best block.
    pub async fn open_work(&self, who: &AccountId) -> Result<Vec<OpenWork>, ClientError> {
        self.best().await?.open_work(who).await
    }

    /// The parameters for new tasks, at the best block.
    pub async fn parameters(&self) -> Result<Parameters, ClientError> {
        self.best().await?.parameters().await
    }

    /// An account's bond and standing in a role, at the best block.
    pub async fn participant(&self, role: Role, who: &AccountId) -> Result<Option<Participant>, ClientError> {
        self.best().await?.participant(role, who).await
    }

    /// An account's balance, at the best block.
    pub async fn balance(&self, who: &AccountId) -> Result<Balance, ClientError> {
        self.best().await?.balance(who).await
    }

    /// All money that ever went through the pallet, at the best block.
    pub async fn ledger(&self) -> Result<Ledger, ClientError> {
        self.best().await?.ledger().await
    }

    /// The number of tasks ever submitted, at the best block.
    pub async fn task_count(&self) -> Result<TaskId, ClientError> {
        self.best().await?.task_count().await
    }
}

impl State {
    /// A task, without its texts.
    pub async fn task(&self, task: TaskId) -> Result<Option<Task>, ClientError> {
        self.view("task", (task,)).await
    }

    /// A task's prompt.
    pub async fn prompt(&self, task: TaskId) -> Result<Option<Vec<u8>>, ClientError> {
        self.view("prompt", (task,)).await
    }

    /// A task's answers with their texts, in the order they came.
    pub async fn answers(&self, task: TaskId) -> Result<Vec<FullAnswer>, ClientError> {
        self.view("answers", (task,)).await
    }

    /// How a task came out; `None` while it has not ended.
    pub async fn outcome(&self, task: TaskId) -> Result<Option<Outcome>, ClientError> {
        self.view("outcome", (task,)).await
    }

    /// What an account has to do, in either role.
    pub async fn open_work(&self, who: &AccountId) -> Result<Vec<OpenWork>, ClientError> {
        self.view("open_work", (*who,)).await
    }

    /// An account's bond and standing in a role.
    pub async fn participant(&self, role: Role, who: &AccountId) -> Result<Option<Participant>, ClientError> {
        self.view("participant", (role, *who)).await
    }

    /// How far an evaluator is trusted, and what it must earn before it is paid.
    pub async fn reputation(&self, who: &AccountId) -> Result<Option<Reputation>, ClientError> {
        self.view("reputation", (*who,)).await
    }

    /// The parameters for new tasks.
    pub async fn parameters(&self) -> Result<Parameters, ClientError> {
        self.view("parameters", ()).await
    }

    /// The number of tasks ever submitted: the next task's id.
    pub async fn task_count(&self) -> Result<TaskId, ClientError> {
        Ok(self.stored::<_, TaskId>(PALLET, "TaskCount", ()).await?.unwrap_or_default())
    }

    /// The tasks on the chain that have not ended, in ascending order.
    pub async fn open_tasks(&self) -> Result<Vec<(TaskId, Task)>, ClientError> {
        let address = dynamic::storage::<(TaskId,), Task>(PALLET, "Tasks");
        let mut entries = self.at.storage().iter(address, ()).await.map_err(|error| self.chain.fail(error))?;
        let mut tasks = Vec::new();
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(|error| self.chain.fail(error))?;
            let key = entry.key().and_then(|key| key.decode()).map_err(|error| self.chain.fail(error))?;
            let task = entry.value().decode().map_err(|error| self.chain.fail(error))?;
            if !task.phase.has_ended() {
                tasks.push((key.0, task));
            }
        }
        tasks.sort_by_key(|(id, _)| *id);
        Ok(tasks)
    }

    /// A task's seats, from seat 0.
    pub async fn seats(&self, task: TaskId) -> Result<Vec<Seat>, ClientError> {
        let count = self.task(task).await?.map_or(0, |task| task.seats);
        let mut seats = Vec::new();
        for seat in 0..count {
            seats.extend(self.stored::<_, Seat>(PALLET, "Seats", (task, seat)).await?);
        }
        Ok(seats)
    }

    /// The number of active participants of a role.
    pub async fn active(&self, role: Role) -> Result<u32, ClientError> {
        Ok(self.stored::<_, u32>(PALLET, "RosterSize", (role,)).await?.unwrap_or_default())
    }

    /// The key that signs for an evaluator.
    pub async fn evaluator_key(&self, who: &AccountId) -> Result<Option<[u8; 32]>, ClientError> {
        self.stored(PALLET, "EvaluatorKeys", (*who,)).await
    }

    /// All money that ever went through the pallet.
    pub async fn ledger(&self) -> Result<Ledger, ClientError> {
        Ok(self.stored(PALLET, "CurrentLedger", ()).await?.unwrap_or_default())
    }

    /// An account's balance.
    pub async fn balance(&self, who: &AccountId) -> Result<Balance, ClientError> {
        let account: Option<AccountInfo> = self.stored("System", "Account", (*who,)).await?;
        Ok(account
            .map_or_else(Balance::default, |AccountInfo { data }| Balance { free: data.free, held: data.reserved }))
    }

    /// What of an account's balance is on hold, and what for.
    pub async fn holds(&self, who: &AccountId) -> Result<Vec<Hold>, ClientError> {
        let holds: Option<Vec<IdAmount>> = self.stored("Balances", "Holds", (*who,)).await?;
        let named = |hold: IdAmount| Hold { reason: variant_path(&hold.id), amount: hold.amount };
        Ok(holds.unwrap_or_default().into_iter().map(named).collect())
    }

    /// A constant of the pallet, such as `MaxAnswerLen`.
    pub fn constant(&self, name: &str) -> Result<u32, ClientError> {
        self.at.constants().entry(dynamic::constant::<u32>(PALLET, name)).map_err(|error| self.chain.fail(error))
    }

    /// The pallet's events of this block.
    pub async fn events(&self) -> Result<Vec<Event>, ClientError> {
        let events = self.at.events().fetch().await.map_err(|error| self.chain.fail(error))?;
        let mut ours = Vec::new();
        for event in events.iter() {
            ours.extend(pallet_event(&self.chain, event)?);
        }
        Ok(ours)
    }

    /// Calls one of the pallet's view functions.
    async fn view<Args, R>(&self, function: &str, args: Args) -> Result<R, ClientError>
    where
        Args: IntoEncodableValues,
        R: DecodeAsType,
    {
        let call = dynamic::view_function_call::<Args, R>(PALLET, function, args);
        let functions = self.at.view_functions();
        // The library encodes and decodes the values as such; the runtime's interface wraps both
        // into byte vectors.
        let mut id = functions.encode_args(call).map_err(|error| self.chain.fail(error))?;
        let inputs = id.split_off(id.len().min(QUERY_ID_LEN));
        id.extend(inputs.encode());
        let reply = functions.call_raw(Some(&id)).await.map_err(|error| self.chain.fail(error))?;
        let wrapped = <Result<Vec<u8>, ViewFailure>>::decode(&mut &*reply)
            .map_err(|error| ClientError::Incompatible(format!("view function {function}: {error}")))?;
        let value = wrapped.map_err(|error| {
            ClientError::Incompatible(format!("the chain failed at view function {function}: {error:?}"))
        })?;
        let metadata = self.at.metadata_ref();
        decode_view_function_response(PALLET, function, &mut &*value, metadata, metadata.types(), R::into_visitor())
            .map_err(|error| ClientError::Incompatible(error.to_string()))
    }

    /// A storage value of any pallet, by the fields that `V` knows; `None` where there is none.
    pub async fn stored<Keys, V>(&self, pallet: &str, entry: &str, keys: Keys) -> Result<Option<V>, ClientError>
    where
        Keys: IntoEncodableValues + IntoDecodableValues,
        V: DecodeAsType,
    {
        let address = dynamic::storage::<Keys, V>(pallet, entry);
        let value = self.at.storage().try_fetch(address, keys).await.map_err(|error| self.chain.fail(error))?;
        value.map(|value| value.decode()).transpose().map_err(|error| self.chain.fail(error))
    }
}

/// The event, if it is the pallet's.
pub(crate) fn pallet_event(
    chain: &Chain,
    event: Result<RawEvent<'_, Config>, subxt::error::EventsError>,
) -> Result<Option<Event>, ClientError> {
    let event = event.map_err(|error| chain.fail(error))?;
    if event.pallet_name() != PALLET {
        return Ok(None);
    }
    let RuntimeEvent::ProofOfQuality(event) =
        event.decode_as().map_err(|error| ClientError::Incompatible(error.to_string()))?;
    Ok(Some(event))
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountInfo {
    data: AccountData,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountData {
    free: u128,
    reserved: u128,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct IdAmount {
    id: Value,
    amount: u128,
}

/// `A(B(..))` as `A.B`.
fn variant_path(value: &Value) -> String {
    match &value.value {
        ValueDef::Variant(variant) => {
            let inner = match &variant.values {
                Composite::Unnamed(values) => values.first(),
                Composite::Named(values) => values.first().map(|(_, value)| value),
            };
            match inner.map(variant_path) {
                Some(inner) if !inner.is_empty() => format!("{}.{inner}", variant.name),
                _ => variant.name.clone(),
            }
        }
        _ => String::new(),
    }
}
